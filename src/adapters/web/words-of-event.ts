import { type Addresses, addressesIn } from '../../domain/event.ts';
import type { SeenEvent, SeenReport } from '../../domain/seen-event.ts';
import type { Catalogue } from './catalogue.en.ts';
import { address, timeAgo } from './components.ts';
import { type Content, html } from './html.ts';

/** What happened to a name, as a sentence. `now` is in milliseconds since 1970-01-01 UTC. */
export function sentenceOf(event: SeenEvent, now: number, words: Catalogue): Content {
  const { events } = words;
  switch (event.kind) {
    case 'reported':
      return reportSentence(event, now, words);
    case 'changed':
      return events.changed(addressesOf(event.after, words));
    case 'visible':
      return events.visible(event.servers, secondsOf(event.after, words));
    case 'behind':
      return event.has === undefined
        ? events.noAnswer(event.server)
        : events.behind(event.server, addressesOf(event.has, words));
    case 'silent':
      return events.silent(timeAgo(event.since, now, words));
    case 'back':
      return events.back;
    case 'taken-off':
      return events.takenOff;
    case 'flapping':
      return events.flapping(event.changes);
  }
}

const secondsOf = (milliseconds: number, { code }: Catalogue): string =>
  (milliseconds / 1000).toLocaleString(code, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

function reportSentence(report: SeenReport, now: number, words: Catalogue): Content {
  const { events } = words;
  const { asked, outcome, reason, program, from, token, user, follows, repeated } = report;
  const wanted = [asked.ipv4, asked.ipv6, asked.prefix].filter((one) => one !== undefined);
  const who = program ?? user ?? words.hosts.somebodyElse;
  return [
    asked.offline ? events.reportedOff(who) : events.reported(who, wanted.map(address)),
    ' ',
    events.outcomes[outcome](reason ?? ''),
    html`<br><small class="quiet">${[
      from && events.from(from),
      token === undefined ? undefined : events.withToken(token),
      follows && events.follows(follows),
      repeated && events.repeated(repeated.times, timeAgo(repeated.since, now, words)),
    ]
      .filter((part) => part !== undefined && part !== '')
      .flatMap((part, index) => (index === 0 ? [part] : [' · ', part]))}</small>`,
  ];
}

export function addressesOf(addresses: Addresses, { hosts }: Catalogue): Content {
  const all = addressesIn(addresses);
  return all.length === 0
    ? hosts.noAddress
    : all.flatMap((one, index) => (index === 0 ? [address(one)] : [' ', address(one)]));
}
