import type { Addresses, NameEvent, Reported } from '../../domain/event.ts';

/** An object of which nothing is known but the keys that it may have. */
type Unchecked<One> = { readonly [Key in One extends unknown ? keyof One : never]?: unknown };

/**
 * True for an event of a name with all that its kind needs. A file may have other lines: somebody has edited it, a disk
 * has damaged it, or a later version wrote kinds that this one does not know.
 */
export const isWholeEvent = (value: unknown): value is NameEvent =>
  isObject<NameEvent>(value) &&
  isMoment(value.at) &&
  isText(value.name) &&
  typeof value.kind === 'string' &&
  Object.hasOwn(NEEDED, value.kind) &&
  NEEDED[value.kind as NameEvent['kind']](value);

/** What an event of each kind needs besides its kind, its time and its name. */
const NEEDED: Readonly<Record<NameEvent['kind'], (event: Unchecked<NameEvent>) => boolean>> = {
  reported: ({ user, token, from, program, asked, outcome, reason, addresses, follows, repeated }) =>
    isText(user) &&
    [token, from, program, reason, follows].every(mayBeText) &&
    isAsked(asked) &&
    OUTCOMES.has(outcome) &&
    mayBeAddresses(addresses) &&
    (repeated === undefined || isRepeated(repeated)),
  changed: ({ zone, before, after }) => isText(zone) && mayBeAddresses(before) && areAddresses(after),
  visible: ({ after, servers }) => Number.isFinite(after) && Number.isFinite(servers),
  behind: ({ server, since, has }) => isText(server) && isMoment(since) && mayBeAddresses(has),
  silent: ({ since, expected }) => isMoment(since) && Number.isFinite(expected),
  back: ({ since }) => isMoment(since),
  'taken-off': ({ since }) => isMoment(since),
  flapping: ({ changes }) => Number.isFinite(changes),
};

const OUTCOMES: ReadonlySet<unknown> = new Set(['changed', 'unchanged', 'refused', 'failed']);

/** Milliseconds before or after 1970 that a date can have. */
const FARTHEST = 8_640_000_000_000_000;

const isObject = <One>(value: unknown): value is Unchecked<One> =>
  typeof value === 'object' && value !== null;

const isText = (value: unknown): boolean => typeof value === 'string';

const mayBeText = (value: unknown): boolean => value === undefined || isText(value);

const mayBeTexts = (value: unknown): boolean =>
  value === undefined || (Array.isArray(value) && value.every(isText));

const isMoment = (value: unknown): boolean => typeof value === 'number' && Math.abs(value) <= FARTHEST;

const areAddresses = (value: unknown): boolean =>
  isObject<Addresses>(value) && mayBeTexts(value.ipv4) && mayBeTexts(value.ipv6);

const mayBeAddresses = (value: unknown): boolean => value === undefined || areAddresses(value);

const isAsked = (value: unknown): boolean =>
  isObject<Reported['asked']>(value) &&
  [value.ipv4, value.ipv6, value.prefix].every(mayBeText) &&
  (value.offline === undefined || value.offline === true);

const isRepeated = (value: unknown): boolean =>
  isObject<NonNullable<Reported['repeated']>>(value) && Number.isFinite(value.times) && isMoment(value.since);
