import { isatty } from 'node:tty';
import { type DestinationStream, type Logger as Pino, pino, stdTimeFunctions } from 'pino';
import { prettyFactory } from 'pino-pretty';
import type { LogFields, Logger } from '../../application/ports/logger.ts';
import type { LogLevel } from '../../application/settings.ts';
import { BackgroundOutput } from './background-output.ts';
import { errorForLog } from './error-for-log.ts';

export type LogForm = {
  /** The least that is told; what is below costs nothing. */
  readonly level: LogLevel;
  /** Lines for people instead of JSON. */
  readonly readable?: boolean;
  readonly colours?: boolean;
};

/** One JSON object a line, or a line for people. */
export class PinoLogger implements Logger {
  readonly #pino: Pino;

  constructor(output: DestinationStream, { level, readable = false, colours = false }: LogForm) {
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

  debug(event: string, fields: LogFields = {}): void {
    this.#pino.debug(fields, event);
  }

  info(event: string, fields: LogFields = {}): void {
    this.#pino.info(fields, event);
  }

  warn(event: string, fields: LogFields = {}): void {
    this.#pino.warn(fields, event);
  }

  error(event: string, fields: LogFields = {}): void {
    this.#pino.error(fields, event);
  }
}

/** One for all loggers of the process: two would write between one another's lines. */
let standardError: BackgroundOutput | undefined;

/** Logs to standard error: JSON for the programs that usually read it, lines for people on a terminal. */
export function standardErrorLogger(level: LogLevel = 'info'): PinoLogger {
  const readable = isatty(2);
  const colours = readable && process.stderr.hasColors();
  standardError ??= new BackgroundOutput(2);
  return new PinoLogger(standardError, { level, readable, colours });
}

function withErrors(fields: Record<string, unknown>, stacks: boolean): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      value instanceof Error ? errorForLog(value, stacks) : value,
    ]),
  );
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
