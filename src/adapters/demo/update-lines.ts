import { fieldsOf, type LogDetails, type LogFields, type Logger } from '../../application/ports/logger.ts';

/** A log for people who watch: a line for every update request and for all trouble, and nothing else. */
export class UpdateLines implements Logger {
  readonly #tell: (line: string) => void;

  constructor(tell: (line: string) => void) {
    this.#tell = tell;
  }

  debug(): void {}

  info(_event: string, details?: LogDetails): void {
    const fields = fieldsOf(details);
    // Of all events, only an update request has one.
    if ('outcome' in fields) this.#tell(updateLine(fields));
  }

  warn(event: string, details?: LogDetails): void {
    this.#tell(troubleLine(event, fieldsOf(details)));
  }

  error(event: string, details?: LogDetails): void {
    this.#tell(troubleLine(event, fieldsOf(details)));
  }
}

/** `home.dyn.example.test: good → 203.0.113.7 (demo at 127.0.0.1, 4 ms)` */
function updateLine({ names, outcome, addresses, user, client, milliseconds }: LogFields): string {
  const [listed, outcomes] = [wordsOf(names), wordsOf(outcome)];
  const results =
    listed.length === outcomes.length
      ? listed.map((name, index) => `${name}: ${outcomes[index]}`)
      : [[listed.join(', '), outcomes.join(', ')].filter((part) => part !== '').join(': ')];
  const who = user === undefined ? String(client) : `${String(user)} at ${String(client)}`;
  const now = wordsOf(addresses).length === 0 ? '' : ` → ${wordsOf(addresses).join(', ')}`;
  return `${results.join('; ')}${now} (${who}, ${String(milliseconds)} ms)`;
}

function troubleLine(event: string, fields: LogFields): string {
  const details = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${value instanceof Error ? value.message : String(value)}`);
  return details.length === 0 ? event : `${event} (${details.join(', ')})`;
}

const wordsOf = (value: LogFields[string]): readonly string[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [String(value)];
