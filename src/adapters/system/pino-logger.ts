import { isatty } from 'node:tty';
import { type DestinationStream, type Logger as Pino, pino, stdTimeFunctions } from 'pino';
import { prettyFactory } from 'pino-pretty';
import type { LogLevel } from '../../application/manage/settings.ts';
import { fieldsOf, type LogDetails, type Logger } from '../../application/ports/logger.ts';
import { errorForLog } from './error-for-log.ts';
import { lossyOutput } from './lossy-output.ts';

export type LogForm = {
  /** The least that is told; what is below costs nothing. */
  readonly level: LogLevel;
  /** Lines for people instead of JSON. */
  readonly readable?: boolean;
  readonly colours?: boolean;
};

/** Where lines go. While it is closed, none is made. */
export type LogOutput = DestinationStream & { readonly isOpen?: boolean };

/** One JSON object a line, or a line for people. */
export class PinoLogger implements Logger {
  readonly #output: LogOutput;
  readonly #pino: Pino;

  constructor(output: LogOutput, { level, readable = false, colours = false }: LogForm) {
    this.#output = output;
    this.#pino = pino(
      {
        level,
        base: { pid: process.pid },
        timestamp: stdTimeFunctions.isoTime,
        formatters: {
          level: (label) => ({ level: label }),
          log: (fields) => withErrors(fields, this.#pino.isLevelEnabled('debug')),
        },
      },
      readable ? forPeople(output, colours) : output,
    );
  }

  /** From now on. */
  setLevel(level: LogLevel): void {
    this.#pino.level = level;
  }

  debug(event: string, details?: LogDetails): void {
    this.#tell('debug', event, details);
  }

  info(event: string, details?: LogDetails): void {
    this.#tell('info', event, details);
  }

  warn(event: string, details?: LogDetails): void {
    this.#tell('warn', event, details);
  }

  error(event: string, details?: LogDetails): void {
    this.#tell('error', event, details);
  }

  #tell(level: 'debug' | 'info' | 'warn' | 'error', event: string, details: LogDetails | undefined): void {
    if (this.#output.isOpen === false || !this.#pino.isLevelEnabled(level)) return;
    this.#pino[level](fieldsOf(details), event);
  }
}

/** One for all loggers of the process: two would write between one another's lines. */
let standardError: LogOutput | undefined;

/** Logs to standard error: JSON for the programs that usually read it, lines for people on a terminal. */
export function standardErrorLogger(level: LogLevel = 'info'): PinoLogger {
  const readable = isatty(2);
  const colours = readable && process.stderr.hasColors();
  standardError ??= lossyOutput(2);
  return new PinoLogger(standardError, { level, readable, colours });
}

function withErrors(fields: Record<string, unknown>, stacks: boolean): Record<string, unknown> {
  let copy: Record<string, unknown> | undefined;
  for (const name in fields) {
    const value = fields[name];
    if (value instanceof Error) {
      copy ??= { ...fields };
      copy[name] = errorForLog(value, stacks);
    }
  }
  return copy ?? fields;
}

function forPeople(output: DestinationStream, colorize: boolean): DestinationStream {
  const prettify = prettyFactory({
    colorize,
    singleLine: true,
    ignore: 'pid',
    translateTime: 'SYS:HH:MM:ss.l',
    errorLikeObjectKeys: [],
  });
  return {
    write(line) {
      // JSON escapes the control characters below U+0020; these are the others that a terminal obeys.
      const text = prettify(line).replace(
        /[\x7f-\x9f]/g,
        (character) => `\\x${character.charCodeAt(0).toString(16)}`,
      );
      output.write(text);
    },
  };
}
