import { isatty } from 'node:tty';
import { type DestinationStream, type Logger as Pino, pino, stdTimeFunctions } from 'pino';
import type { LogLevel } from '../../application/manage/settings.ts';
import { fieldsOf, type LogDetails, type Logger } from '../../application/ports/logger.ts';
import { errorForLog } from './error-for-log.ts';
import { lossyOutput } from './lossy-output.ts';
import { forPeople } from './readable-lines.ts';

export type LogForm = {
  /** The lowest level in the log. Lower levels cost nothing. */
  readonly level: LogLevel;
  /** Lines for people instead of JSON. */
  readonly readable?: boolean;
  readonly colours?: boolean;
};

/** The output of lines. While `isOpen` is false, no lines are formatted. */
export type LogOutput = DestinationStream & { readonly isOpen?: boolean };

/** Writes one JSON object in each line, or lines for people. */
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

  /** Changes the level from now on. */
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

/** One output for all loggers of the process, so that their lines are not mixed. */
let standardError: LogOutput | undefined;

/** Logs to standard error: lines for people on a terminal, else JSON. */
export function standardErrorLogger(level: LogLevel = 'info'): PinoLogger {
  const readable = isatty(2);
  const colours = readable && process.stderr.hasColors();
  standardError ??= lossyOutput(2);
  return new PinoLogger(standardError, { level, readable, colours });
}

function withErrors(fields: Record<string, unknown>, stacks: boolean): Record<string, unknown> {
  if (!Object.values(fields).some(isError)) return fields;
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      isError(value) ? errorForLog(value, stacks) : value,
    ]),
  );
}

const isError = (value: unknown): value is Error => value instanceof Error;
