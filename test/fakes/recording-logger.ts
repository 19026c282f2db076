import {
  fieldsOf,
  type LogDetails,
  type LogFields,
  type Logger,
} from '../../src/application/ports/logger.ts';

export type LogEntry = {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly event: string;
  readonly fields: LogFields;
};

/** Keeps what was said. */
export class RecordingLogger implements Logger {
  readonly entries: LogEntry[] = [];

  debug(event: string, details?: LogDetails): void {
    this.entries.push({ level: 'debug', event, fields: fieldsOf(details) });
  }

  info(event: string, details?: LogDetails): void {
    this.entries.push({ level: 'info', event, fields: fieldsOf(details) });
  }

  warn(event: string, details?: LogDetails): void {
    this.entries.push({ level: 'warn', event, fields: fieldsOf(details) });
  }

  error(event: string, details?: LogDetails): void {
    this.entries.push({ level: 'error', event, fields: fieldsOf(details) });
  }

  /** The entries of one level. */
  at(level: LogEntry['level']): readonly LogEntry[] {
    return this.entries.filter((entry) => entry.level === level);
  }

  /** Everything that was said, errors and their causes too, as one text to search for what must not be there. */
  get text(): string {
    return JSON.stringify(this.entries, (_key, value) =>
      value instanceof Error
        ? { ...value, message: value.message, cause: value.cause, stack: value.stack }
        : value,
    );
  }
}
