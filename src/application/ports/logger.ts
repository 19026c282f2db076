/** Values that a log line may carry. A secret is never one of them. */
export type LogFields = Readonly<
  Record<string, string | number | boolean | readonly string[] | undefined | Error>
>;

/** The fields of an event. A function is called only where the event is told, so that silence costs nothing. */
export type LogDetails = LogFields | (() => LogFields);

export const fieldsOf = (details: LogDetails = {}): LogFields =>
  typeof details === 'function' ? details() : details;

/**
 * Where events are told. `event` is one sentence for people that names what happened; what varies goes into
 * the fields. Never throws, never waits.
 */
export interface Logger {
  debug(event: string, details?: LogDetails): void;
  info(event: string, details?: LogDetails): void;
  warn(event: string, details?: LogDetails): void;
  error(event: string, details?: LogDetails): void;
}

/** Says nothing: the default of a library user and of most tests. */
export const noLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
