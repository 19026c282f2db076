import { type FileHandle, open } from 'node:fs/promises';
import type { DomainName } from '../../domain/domain-name.ts';
import type { NameEvent } from '../../domain/event.ts';
import { continues } from '../../domain/name-summary.ts';
import { isMissing } from '../files/system-error.ts';

/** Characters of one piece of a file that is written. */
const PIECE = 64 * 1024;

/** Which events of a history stay. */
export type Kept = {
  /** How many of the last events of each name. */
  readonly events: number;
  /** Milliseconds since 1970-01-01 UTC: earlier events go. */
  readonly since: number;
  readonly forgets: (event: NameEvent) => boolean;
};

export const lineOf = (event: NameEvent): string => `${JSON.stringify(event)}\n`;

/**
 * The events in a file, in its order; none where there is no file. What is no event is passed over: after a crash, the
 * last line may end early.
 *
 * @param options `end`: only lines before this octet are read. Without it, all are.
 */
export async function* eventsIn(
  path: string,
  { end = Number.POSITIVE_INFINITY }: { readonly end?: number } = {},
): AsyncIterable<NameEvent> {
  if (end === 0) return;
  const file = await openIfThere(path);
  if (file === undefined) return;
  // The stream closes the file, also where nobody reads it to its end.
  for await (const line of file.readLines({ end: end - 1 })) {
    const event = eventOf(line);
    if (event !== undefined) yield event;
  }
}

/**
 * Leaves out each report that the next event of its name counts as a repetition. The events of one name keep their
 * order, and those of different names may not.
 */
export async function* withoutRepeated(
  events: AsyncIterable<NameEvent> | Iterable<NameEvent>,
): AsyncIterable<NameEvent> {
  const last = new Map<DomainName, NameEvent>();
  for await (const event of events) {
    const before = last.get(event.name);
    if (before !== undefined && !continues(event, before)) yield before;
    last.set(event.name, event);
  }
  yield* last.values();
}

/** The lines that are kept of those before the octet `end`, several in each piece. */
export async function* keptOf(
  path: string,
  end: number,
  { events, since, forgets }: Kept,
): AsyncIterable<string> {
  const isKept = (event: NameEvent) => event.at >= since && !forgets(event);
  const left = new Map<DomainName, number>();
  for await (const event of withoutRepeated(eventsIn(path, { end }))) {
    if (isKept(event)) left.set(event.name, (left.get(event.name) ?? 0) + 1);
  }
  let piece = '';
  for await (const event of withoutRepeated(eventsIn(path, { end }))) {
    if (!isKept(event)) continue;
    const more = left.get(event.name) ?? 0;
    left.set(event.name, more - 1);
    if (more > events) continue;
    piece += lineOf(event);
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

/** Opens a file to read it. Undefined where there is none. */
export async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Undefined for what is no event. */
export function eventOf(line: string): NameEvent | undefined {
  try {
    const event: unknown = JSON.parse(line);
    return isEvent(event) ? event : undefined;
  } catch {
    return undefined;
  }
}

/** We wrote the file, so the rest of an event is what its kind says. */
const isEvent = (value: unknown): value is NameEvent =>
  typeof value === 'object' &&
  value !== null &&
  'kind' in value &&
  'at' in value &&
  typeof value.at === 'number' &&
  'name' in value &&
  typeof value.name === 'string';
