/** A word of a command that somebody is told to type, as a shell takes it for one. */
export function shellWord(word: string): string {
  return /^[\w.@%+,:/-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** The same for the first argument of a command, which shall be taken for no option whatever it begins with. */
export function shellArgument(word: string): string {
  return word.startsWith('-') ? `-- ${shellWord(word)}` : shellWord(word);
}
