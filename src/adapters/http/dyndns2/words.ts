import { isSuccess, type ReturnCode } from './return-code.ts';

/** The answer about one name, or about the whole request. `echo` is what a success repeats. */
export type Line = { readonly code: ReturnCode; readonly echo: readonly string[] };

/** How a protocol writes an answer. */
export type Words = (lines: readonly Line[]) => string;

/** One line for each name. Errors are the bare code: clients take "badauth: bad token" for success, because of "ok". */
export const dyndns2: Words = (lines) => lines.map((line) => `${textOf(line)}\n`).join('');

/**
 * The words of dyndns1. ddclient 3.10 requires both codes and a title that is not empty, which it shows. One answer stands for all names: the first failure, if there is one.
 */
export const dyndns1: Words = (lines) => {
  const failed = lines.find(({ code }) => !isSuccess(code));
  const title = failed?.code ?? lines.map(textOf).join('; ');
  const code = failed?.code.toUpperCase() ?? 'NOERROR';
  return `<TITLE>${title}</TITLE>\nreturn code: ${code}\nerror code: ${code}\n`;
};

/** nsupdate.info tells which types it has removed. */
export const deletion: Words = (lines) =>
  lines.map(({ code, echo }) => `${isSuccess(code) ? `deleted ${echo.join()}` : code}\n`).join('');

/** DuckDNS has two words, and no line feed. */
export const duckDns: Words = (lines) => (lines.every(({ code }) => isSuccess(code)) ? 'OK' : 'KO');

const textOf = ({ code, echo }: Line): string =>
  isSuccess(code) && echo.length > 0 ? `${code} ${echo.join()}` : code;
