/** The paths of the files of the program. */
export type Files = { readonly configurationFile: string; readonly lockFile: string };
