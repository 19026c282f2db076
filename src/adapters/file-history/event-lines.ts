import { type FileHandle, open } from 'node:fs/promises';
import type { DomainName } from '../../domain/domain-name.ts';
import type { NameEvent } from '../../domain/event.ts';
import { continues } from '../../domain/name-summary.ts';
import { isMissing } from '../files/system-error.ts';
import { isWholeEvent } from './event-form.ts';

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
 * The events in a file, in its order; none where there is no file. What is no event is passed over, and `passedOver` is
 * called for it as {@link eventOf} does.
 */
export async function* eventsIn(path: string, passedOver?: () => void): AsyncIterable<NameEvent> {
  for await (const line of linesIn(path)) {
    const event = eventOf(line, passedOver);
    if (event !== undefined) yield event;
  }
}

/** The events of one name, in their order, without reports that the next one repeats and includes. */
export const withoutRepeated = (events: readonly NameEvent[]): NameEvent[] =>
  events.filter((event, index) => {
    const next = events[index + 1];
    return next === undefined || !continues(next, event);
  });

/**
 * The lines that are kept of those before the octet `end`, several in each piece. What is no event is not kept: it may tell
 * of a user who was removed and has to be forgotten.
 */
export async function* keptOf(path: string, end: number, kept: Kept): AsyncIterable<string> {
  const isKept = await keptLines(path, end, kept);
  let number = 0;
  let piece = '';
  for await (const line of linesIn(path, end)) {
    if (isKept[number++] === true) piece += `${line}\n`;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

type NameInFile = { latest: NameEvent; line: number; kept: number };

/**
 * For each line before the octet `end`, whether it is kept. Of a report that came several times, only the last line is
 * kept: it counts the others.
 */
async function keptLines(path: string, end: number, { events, since, forgets }: Kept): Promise<boolean[]> {
  const lines: (NameInFile | undefined)[] = [];
  const names = new Map<DomainName, NameInFile>();
  for await (const text of linesIn(path, end)) {
    const line = lines.push(undefined) - 1;
    const event = eventOf(text);
    if (event === undefined) continue;
    const name = names.get(event.name) ?? { latest: event, line, kept: 0 };
    if (name.line !== line && continues(event, name.latest)) lines[name.line] = undefined;
    if (event.at >= since && !forgets(event)) lines[line] = name;
    name.latest = event;
    name.line = line;
    names.set(event.name, name);
  }
  // The last ones of each name stay, so they are counted from the end.
  const isKept = lines.toReversed().map((name) => name !== undefined && ++name.kept <= events);
  return isKept.reverse();
}

async function* linesIn(path: string, end = Number.POSITIVE_INFINITY): AsyncIterable<string> {
  if (end === 0) return;
  const file = await openIfThere(path);
  // The stream closes the file, also where nobody reads it to its end.
  if (file !== undefined) yield* file.readLines({ end: end - 1 });
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

/**
 * Undefined for what is no event. `passedOver` is called for JSON that is no event. It is not called for other text: after
 * a crash, or while somebody writes, a line ends early.
 */
export function eventOf(line: string, passedOver?: () => void): NameEvent | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (isWholeEvent(value)) return value;
  passedOver?.();
  return undefined;
}
