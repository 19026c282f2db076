import { type Addresses, addressesIn } from '../../domain/event.ts';
import type { NameState } from '../../domain/name-summary.ts';
import type { SeenReport, SeenSummary } from '../../domain/seen-event.ts';
import type { Catalogue } from './catalogue.en.ts';
import { address, duration, lasting, sign, timeAgo } from './components.ts';
import { type Content, html, type Markup } from './html.ts';
import { addressesOf } from './words-of-event.ts';

/** A state by its sign, its colour and its word. Undefined: nothing has happened to the name yet. */
export function stateSign(state: NameState | undefined, { states }: Catalogue, more?: Content): Markup {
  const look = lookOf(state);
  return html`<span class="state ${look}">${sign(state === undefined ? 'off' : look)}<span>${states[state ?? 'new']}${more !== undefined && [' ', more]}</span></span>`;
}

/** The CSS class of an element that shows this state. */
export const lookOf = (state: NameState | undefined): string => (state ?? 'new').replaceAll(' ', '-');

/** The state of one name, and for how long it has been silent. `now` is in milliseconds since 1970-01-01 UTC. */
export const stateOfName = (
  summary: SeenSummary | undefined,
  state: NameState | undefined,
  now: number,
  words: Catalogue,
): Markup =>
  stateSign(
    state,
    words,
    state === 'silent' && summary?.silent !== undefined
      ? lasting(summary.silent.since, now, words)
      : undefined,
  );

/**
 * How far an address has come: report, primary, name servers. If all agree, only the address and who reported it are
 * shown. Otherwise the steps are shown up to the first that differs, and since when and why it does. `now` is in
 * milliseconds since 1970-01-01 UTC.
 */
export function chain(
  summary: SeenSummary | undefined,
  state: NameState | undefined,
  now: number,
  words: Catalogue,
): Content {
  const { hosts } = words;
  if (summary === undefined) return html`<p class="quiet">${hosts.nothingYet}</p>`;
  const { addresses, report, visible, silent } = summary;
  const lines: Content[] = [];
  if (report !== undefined) {
    const said = state === 'silent' ? hosts.silentSince : hosts.reportedBy;
    lines.push(said(report.program ?? report.user ?? hosts.somebodyElse, timeAgo(report.at, now, words)));
  }
  if (state === 'silent' && silent !== undefined)
    lines.push(hosts.expectedEvery(duration(silent.expected, words)));
  if (visible !== undefined && state === 'up to date') lines.push(hosts.sameOn(visible.servers));
  return html`${addressList(addresses, words)}${steps(summary, state, now, words)}${lines.map((line) => html`<p class="small quiet">${line}</p>`)}`;
}

function steps(
  { addresses, report, behind }: SeenSummary,
  state: NameState | undefined,
  now: number,
  words: Catalogue,
): Content {
  const { hosts } = words;
  const done = (what: Content) => html`<li>${sign('up-to-date')}<span>${what}</span></li>`;
  const last = (look: NameState, what: Content) =>
    html`<li class="${look}">${sign(look)}<span>${what}</span></li>`;
  const list = (...all: readonly Content[]) => html`<ol class="way">${all}</ol>`;
  const reported = report && done(hosts.reported(newOf(report, addresses)));
  if (state === 'failed') return list(reported, last('failed', hosts.notWritten(report?.reason ?? '')));
  if (state === 'waiting') return list(reported, done(hosts.written), last('waiting', hosts.waiting));
  if (state !== 'disagrees' || behind === undefined) return undefined;
  const since = lasting(behind.since, now, words);
  const differs =
    behind.has === undefined
      ? hosts.serverSilent(behind.server, since)
      : hosts.serverBehind(behind.server, addressesOf(behind.has, words), since);
  return list(reported, done(hosts.written), last('disagrees', differs));
}

/** What a report asked for and the DNS does not have. What the DNS has stands above the steps. */
function newOf({ asked: { ipv4, ipv6, prefix } }: SeenReport, addresses: Addresses): Content {
  const known = addressesIn(addresses);
  return [ipv4, ipv6, prefix]
    .filter((one) => one !== undefined && !known.includes(one))
    .map((one, index) => [index > 0 && ' ', address(one ?? '')]);
}

function addressList(addresses: Addresses, { hosts }: Catalogue): Content {
  const all = addressesIn(addresses);
  if (all.length === 0) return html`<p class="quiet">${hosts.noAddress}</p>`;
  return html`<ul class="addresses">${all.map((one) => html`<li>${address(one)}</li>`)}</ul>`;
}
