/** Values that a log line may carry. A secret is never one of them. */
export type LogFields = Readonly<
  Record<string, string | number | boolean | readonly string[] | undefined | Error>
>;

/**
 * Where events are told. `event` is one sentence for people that names what happened; what varies goes into
 * the fields. Never throws, never waits.
 */
export interface Logger {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

/** Says nothing: the default of a library user and of most tests. */
export const noLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
