/*
 * One function for each format. It quotes a value, so that whoever reads the format gets exactly this value. No value
 * has control characters (`parseUserName`). A snippet refuses values that its format cannot carry.
 */

/** A word of a POSIX shell. */
export const shellWord = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** A value of UCI, the configuration of OpenWrt, which has the quotes of a shell. */
export const uciValue = (text: string): string => shellWord(text);

/** A string of libConfuse, the configuration parser of inadyn. `${NAME}` is a variable there. */
export const confuseString = (text: string): string => `"${text.replace(/["\\$]/g, '\\$&')}"`;

/** A word of a command line in a unit of systemd: `%` begins a specifier, `$` a variable. */
export const systemdWord = (text: string): string =>
  `"${text.replace(/["\\]/g, '\\$&').replace(/[%$]/g, '$&$&')}"`;

/**
 * The inside of a RouterOS string, so that variables may stand beside it. Special octets are hexadecimal, because this
 * is the only form of `?` that the consoles of versions 6 and 7 both understand.
 */
export const routerOsText = (text: string): string =>
  text.replace(/["\\$?]|[^ -~]+/g, (special) =>
    [...Buffer.from(special)].map((octet) => `\\${octet.toString(16).toUpperCase()}`).join(''),
  );

/** A value of ddclient's configuration. A backslash escapes the next character, also within quotes. */
export const ddclientValue = (text: string): string => `'${text.replace(/['\\]/g, '\\$&')}'`;

/** A value that Python's configparser reads: `%` begins an interpolation. */
export const configParserValue = (text: string): string => text.replaceAll('%', '%%');

/** A string of JSON. */
export const jsonString = (text: string): string => JSON.stringify(text);

/** A literal string of PowerShell. */
export const powerShellString = (text: string): string => `'${text.replaceAll("'", "''")}'`;
