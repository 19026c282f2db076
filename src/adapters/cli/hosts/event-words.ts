import { durationText } from '../../../domain/duration.ts';
import {
  type Addresses,
  addressesIn,
  type Managed,
  type NameEvent,
  type Reported,
} from '../../../domain/event.ts';

/** `2026-11-28T23:50:52Z` */
export const timeText = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');

/** What happened, with its time as text: for scripts. */
export const dated = <Happened extends { readonly at: number }>(happened: Happened) => ({
  ...happened,
  at: timeText(happened.at),
});

/** `203.0.113.7 2001:db8::7`, or `-` for none. */
export const addressText = (addresses: Addresses): string => addressesIn(addresses).join(' ') || '-';

/** What happened to a name, in a few words. */
export function wordsOf(event: NameEvent): string {
  switch (event.kind) {
    case 'reported':
      return reportWords(event);
    case 'changed':
      return `changed from ${event.before ? addressText(event.before) : '?'} to ${addressText(event.after)}`;
    case 'visible': {
      const where = event.servers === 1 ? '' : ` on all ${event.servers} name servers`;
      return `visible${where} after ${(event.after / 1000).toFixed(1)} s`;
    }
    case 'behind': {
      const state = event.has === undefined ? 'does not answer' : `has ${addressText(event.has)}`;
      return `${event.server} ${state}`;
    }
    case 'silent':
      return `silent since ${timeText(event.since)}, expected every ${durationText(event.expected)}`;
    case 'back':
      return `back after silence since ${timeText(event.since)}`;
    case 'taken-off':
      return `taken off the DNS after silence since ${timeText(event.since)}`;
    case 'flapping':
      return `flapping: ${event.changes} changes within an hour`;
  }
}

function reportWords({ asked, addresses, outcome, reason, repeated, follows, ...rest }: Reported): string {
  const { user, token, from, program } = rest;
  const wanted = [asked.ipv4, asked.ipv6, asked.prefix].filter((one) => one !== undefined).join(' ');
  const who = token === undefined ? user : `${user} (${token})`;
  return [
    `reported ${asked.offline ? 'offline' : wanted || addressText(addresses ?? {})}`,
    ...(follows === undefined ? [] : [`for ${follows}`]),
    `by ${who}`,
    ...(from === undefined ? [] : [`from ${from}`]),
    ...(program === undefined ? [] : [`with ${program}`]),
    `: ${outcome}${reason === undefined ? '' : ` (${reason})`}`,
    ...(repeated === undefined ? [] : [`, ${repeated.times} times since ${timeText(repeated.since)}`]),
  ]
    .join(' ')
    .replaceAll(/ ([:,])/g, '$1');
}

/** What was done to users, hosts and settings: `name-granted alice home.example.org`. */
export const deedWords = ({ deed, user, name, token, settings = [] }: Managed): string =>
  [deed, user, name, token, ...settings].filter((one) => one !== undefined).join(' ');
