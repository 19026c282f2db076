/** The text with this version in the names of all files of a release. */
export const withVersion = (text: string, version: string): string =>
  text
    .replaceAll(/\b(dynonym[-_])\d+\.\d+\.\d+(?=[-_.])/g, `$1${version}`)
    .replace(/`\d+\.\d+\.\d+`(?= is the version)/, `\`${version}\``);
