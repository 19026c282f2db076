import { addressesIn, type Event } from '../../domain/event.ts';

/** Events of which there is no notice. */
const UNTOLD = ['visible', 'managed', 'challenged', 'login-failed'] as const;
type Untold = Extract<Event, { readonly kind: (typeof UNTOLD)[number] }>;

export const isUntold = (event: Event): event is Untold => UNTOLD.some((kind) => kind === event.kind);

/** An event that becomes a notice by itself. Reports do so only where {@link Troubles} says so. */
export type ToldAsItIs = Exclude<Event, Untold | { readonly kind: 'reported' }>;

/** What happened, in one sentence without a final dot. `now`: milliseconds since 1970-01-01 UTC. */
export function sentenceOf(event: ToldAsItIs, now: number): string {
  switch (event.kind) {
    case 'changed':
      return changedSentence(event);
    case 'behind':
      return event.has === undefined
        ? `${event.server} does not answer whether it has the last change of ${event.name}`
        : `${event.server} does not have the last change of ${event.name}, made ${timeBetween(event.since, now)} ago`;
    case 'silent':
      return `${event.name} has not been reported for ${timeBetween(event.since, now)}`;
    case 'back':
      return `${event.name} was reported again, after ${timeBetween(event.since, event.at)}`;
    case 'taken-off':
      return `${event.name} has no addresses any more, because it has not been reported for ${timeBetween(event.since, now)}`;
    case 'flapping':
      return `${event.name} has changed ${event.changes} times within an hour`;
    case 'paused': {
      const user = event.user === undefined ? '' : ` of the user ${event.user}`;
      return `Logins${user} from ${event.from} are paused for ${timeBetween(now, event.until)}, after many wrong ones`;
    }
    case 'primary-away':
      return `The primary ${event.server} does not answer (${event.reason})`;
    case 'primary-back':
      return `The primary ${event.server} answers again, after ${timeBetween(event.since, event.at)}`;
    case 'secondary-behind':
      return `${event.server} has had an old version of ${event.zone} for ${timeBetween(event.since, now)}`;
    case 'certificate-ending':
      return `The certificate of ${event.names.join(', ')} ends in ${timeBetween(now, event.until)}, and was not renewed`;
  }
}

function changedSentence({ name, before, after }: Extract<Event, { readonly kind: 'changed' }>): string {
  const [is, was] = [addressesIn(after), before && addressesIn(before)];
  const earlier = was === undefined || was.length === 0 ? '' : `, before ${was.join(' and ')}`;
  if (is.length === 0) return `${name} has no address any more${earlier}`;
  return `${name} has the ${is.length === 1 ? 'address' : 'addresses'} ${is.join(' and ')}${earlier}`;
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
] as const;

/** The time between two moments, in whole units: `2 d`, `5 h`, `12 min`, `40 s`. */
export function timeBetween(from: number, to: number): string {
  const passed = Math.max(0, to - from);
  const [unit, length] = UNITS.find(([, milliseconds]) => passed >= 2 * milliseconds) ?? ['s', 1_000];
  return `${Math.round(passed / length)} ${unit}`;
}
