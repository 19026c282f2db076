/*
 * How a value is written so that its reader gets exactly that value: one function for each format. None of them
 * meets a control character (`parseUserName`). What a reader cannot be given at all, the snippet refuses.
 */

/** A word of a POSIX shell. */
export const shellWord = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** A value of UCI, OpenWrt's configuration, which joins quoted and escaped pieces like a shell. */
export const uciValue = (text: string): string => shellWord(text);

/** A string of libConfuse, which inadyn reads its configuration with: `${NAME}` is a variable there. */
export const confuseString = (text: string): string => `"${text.replace(/["\\$]/g, '\\$&')}"`;

/** A word of a command line in a unit of systemd: `%` begins a specifier, `$` a variable. */
export const systemdWord = (text: string): string =>
  `"${text.replace(/["\\]/g, '\\$&').replace(/[%$]/g, '$&$&')}"`;

/**
 * The inside of a RouterOS string, so that variables may stand beside it. Octets in hexadecimal, because that is
 * the one way to write `?` which the consoles of version 6 and 7 both understand.
 */
export const routerOsText = (text: string): string =>
  text.replace(/["\\$?]|[^ -~]+/g, (special) =>
    [...Buffer.from(special)].map((octet) => `\\${octet.toString(16).toUpperCase()}`).join(''),
  );

/** A value of ddclient's configuration. Within quotes, too, a backslash speaks for the next character. */
export const ddclientValue = (text: string): string => `'${text.replace(/['\\]/g, '\\$&')}'`;

/** A value that Python's configparser reads: `%` begins an interpolation. */
export const configParserValue = (text: string): string => text.replaceAll('%', '%%');

/** A string of JSON. */
export const jsonString = (text: string): string => JSON.stringify(text);

/** A literal string of PowerShell. */
export const powerShellString = (text: string): string => `'${text.replaceAll("'", "''")}'`;
