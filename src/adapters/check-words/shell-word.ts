/** A word of a command that a user is told to type, in quotes when a shell needs them. */
export function shellWord(word: string): string {
  return /^[\w.@%+,:/-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** The same for the first argument of a command, which must not be read as an option. */
export function shellArgument(word: string): string {
  return word.startsWith('-') ? `-- ${shellWord(word)}` : shellWord(word);
}
