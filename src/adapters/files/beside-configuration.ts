/** The path of a file that dynonym keeps beside its configuration: `dynonym.toml` has `dynonym.ENDING`. */
export const besideConfiguration = (configuration: string, ending: string): string =>
  `${configuration.replace(/\.toml$/, '')}.${ending}`;
