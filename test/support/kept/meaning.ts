import assert from 'node:assert/strict';
import type { DomainName } from '../../../src/domain/domain-name.ts';
import { allOf } from '../all-of.ts';
import { certificatesOf, type OpenKept, zoneFolderOf } from './open-kept.ts';

/** A value of JSON. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

/** What the adapters read, as plain JSON that does not depend on the place of the files. */
export async function meaningOf(kept: OpenKept, folder: string): Promise<Plain> {
  const { users, hosts, sessions, invitations, challenges, notices, history, deeds } = kept;
  const people = await allOf(users.list());
  const settled = await allOf(hosts.list());
  const names = [
    ...new Set([...people.flatMap(({ domains }) => domains), ...settled.map(({ name }) => name)]),
  ];
  return plain(
    {
      ...{ users: people, hosts: settled },
      sessions: (await Promise.all(people.map(({ name }) => sessions.of(name)))).flat(),
      invitations: await invitations.list(),
      challenges: await challenges.before(Number.MAX_SAFE_INTEGER),
      notices: await notices.load(),
      history: await eventsOf(history, names),
      states: await history.states(names),
      deeds: await deeds.last(1_000),
      zones: await zonesOf(kept),
      certificate: await certificatesOf(kept)?.find(),
    },
    folder,
  );
}

/** What a configuration says, with all defaults. */
export async function settingsOf(kept: OpenKept, folder: string): Promise<Plain> {
  return plain(await kept.settingsStore.load(), folder);
}

async function eventsOf(history: OpenKept['history'], names: readonly DomainName[]) {
  return new Map(
    await Promise.all(names.map(async (name) => [name, await history.ofName(name, 100)] as const)),
  );
}

async function zonesOf(kept: OpenKept) {
  const folder = zoneFolderOf(kept);
  if (folder === undefined) return undefined;
  return Promise.all(
    (await folder.list()).map(async (zone) => ({ ...zone, lines: await folder.recordLines(zone.name) })),
  );
}

/** Undefined fields are left out, octets become hexadecimal digits, and the folder becomes a word. */
function plain(value: unknown, folder: string): Plain {
  const text = JSON.stringify(value, function (this: Readonly<Record<string, unknown>>, key, converted) {
    const original = this[key];
    if (original instanceof Uint8Array) return Buffer.from(original).toString('hex');
    if (original instanceof Map) return Object.fromEntries(original);
    return typeof converted === 'string' ? converted.replaceAll(folder, 'FOLDER') : converted;
  });
  return JSON.parse(text);
}

/**
 * Fails unless `actual` says all that `expected` says: a later version may know more fields of the same thing. Where
 * lists may be `longer`, something may stand between what is expected in them, which keeps its order.
 */
export function assertSays(actual: Plain, expected: Plain, lists: 'same' | 'longer', place = ''): void {
  if (Array.isArray(expected)) {
    assert.ok(Array.isArray(actual), `${place} is no list any more`);
    assertListSays(actual, expected, lists, place);
  } else if (isObject(expected)) {
    assert.ok(isObject(actual), `${place} is no object any more`);
    for (const [key, value] of Object.entries(expected)) {
      const inside = `${place}.${key}`;
      assert.ok(Object.hasOwn(actual, key), `${inside} is missing`);
      assertSays(actual[key] as Plain, value, lists, inside);
    }
  } else {
    assert.deepEqual(
      actual,
      expected,
      `${place} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`,
    );
  }
}

function assertListSays(
  actual: readonly Plain[],
  expected: readonly Plain[],
  lists: 'same' | 'longer',
  place: string,
): void {
  if (lists === 'same') {
    assert.equal(actual.length, expected.length, `${place} has another length`);
    for (const [index, value] of expected.entries()) {
      assertSays(actual[index] as Plain, value, lists, `${place}[${index}]`);
    }
    return;
  }
  let next = 0;
  for (const [index, value] of expected.entries()) {
    while (next < actual.length && !says(actual[next] as Plain, value)) next += 1;
    assert.ok(next < actual.length, `${place}[${index}] is gone`);
    next += 1;
  }
}

function says(actual: Plain, expected: Plain): boolean {
  try {
    assertSays(actual, expected, 'longer');
    return true;
  } catch {
    return false;
  }
}

const isObject = (value: Plain | undefined): value is { readonly [key: string]: Plain } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
