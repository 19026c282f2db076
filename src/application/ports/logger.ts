/** Values that a log line may carry. A secret is never one of them. */
export type LogFields = Readonly<
  Record<string, string | number | boolean | readonly string[] | undefined | Error>
>;

/**
 * The fields of an event. A function is called only when the event is logged, so that a level that is off costs
 * nothing.
 */
export type LogDetails = LogFields | (() => LogFields);

export const fieldsOf = (details: LogDetails = {}): LogFields =>
  typeof details === 'function' ? details() : details;

/**
 * Logs events. `event` is a sentence for people that says what happened and is always the same; what varies is in the
 * fields. Never throws, never waits.
 */
export interface Logger {
  debug(event: string, details?: LogDetails): void;
  info(event: string, details?: LogDetails): void;
  warn(event: string, details?: LogDetails): void;
  error(event: string, details?: LogDetails): void;
}

/** Logs nothing. */
export const noLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
