import type { DestinationStream } from 'pino';
import { prettyFactory } from 'pino-pretty';

/**
 * Turns lines of JSON into lines for a terminal: `[10:21:07.123] INFO: Updated names=home.example.org`. A fault stands
 * below, in a line of its own, because it is a long sentence.
 */
export function forPeople(output: DestinationStream, colorize: boolean): DestinationStream {
  const prettify = prettyFactory({
    colorize,
    ignore: 'pid',
    hideObject: true,
    translateTime: 'SYS:HH:MM:ss.l',
    errorLikeObjectKeys: [],
    messageFormat: ({ msg, level: _level, time: _time, pid: _pid, ...fields }) => {
      const entries = Object.entries(fields);
      const short = entries.filter(([, value]) => !isFault(value));
      const faults = entries.map(([, value]) => value).filter(isFault);
      return [
        [msg, ...short.map(([name, value]) => `${name}=${valueText(value)}`)].join(' '),
        ...faults.map((fault) => faultText(fault).replace(/\p{Cc}/gu, asEscape)),
      ].join('\n    ');
    },
  });
  return {
    write(line) {
      // JSON escapes the control characters below U+0020. A terminal obeys these too.
      output.write(prettify(line).replace(/[\x7f-\x9f]/g, asEscape));
    },
  };
}

const asEscape = (character: string) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;

/** Plain words as they are, lists of them with commas, faults in them as a sentence, everything else as JSON. */
function valueText(value: unknown): string {
  if (Array.isArray(value) && value.length > 0) return value.map(valueText).join(',');
  if (typeof value === 'string' && PLAIN.test(value)) return value;
  return JSON.stringify(isFault(value) ? faultText(value) : value);
}

const PLAIN = /^[\w.:/@*+%!-]+$/;

/** An error in the log that has a code, and so needs no stack. */
type LoggedFault = { readonly code: string; readonly message: string; readonly cause?: unknown };

function isFault(value: unknown): value is LoggedFault {
  return typeof value === 'object' && value !== null && 'code' in value && !('stack' in value);
}

function faultText({ code, message, cause }: LoggedFault): string {
  // Most messages have the words of their cause already.
  if (cause === undefined || (isFault(cause) && message.includes(cause.message)))
    return `${code}: ${message}`;
  return `${code}: ${message} (${isFault(cause) ? faultText(cause) : JSON.stringify(cause)})`;
}
