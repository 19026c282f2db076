import { type Addresses, addressesIn, type Reported } from '../../domain/event.ts';
import type { NameState, NameSummary } from '../../domain/name-summary.ts';
import type { Catalogue } from './catalogue.en.ts';
import { address, sign, timeAgo } from './components.ts';
import { type Content, html, type Markup } from './html.ts';
import { addressesOf } from './words-of-event.ts';

/** A state by its sign, its colour and its word. Undefined: nothing has happened to the name yet. */
export function stateSign(state: NameState | undefined, { states }: Catalogue): Markup {
  const known = state ?? 'new';
  const look = known.replaceAll(' ', '-');
  return html`<span class="state ${look}">${sign(state === undefined ? 'off' : look)}${states[known]}</span>`;
}

/**
 * The way of an address from the report to the name servers. If all agree, it is the address and who reported it.
 * Otherwise it says what differs, since when, and why. `now` is in milliseconds since 1970-01-01 UTC.
 */
export function chain(
  summary: NameSummary | undefined,
  state: NameState | undefined,
  now: number,
  words: Catalogue,
): Content {
  const { hosts } = words;
  if (summary === undefined) return html`<p class="quiet">${hosts.nothingYet}</p>`;
  const { addresses, report, visible, behind, silent } = summary;
  const lines: Content[] = [];
  if (state === 'failed' && report !== undefined) {
    lines.push(hosts.reportFailed(asked(report.asked), timeAgo(report.at, now, words), report.reason ?? ''));
  }
  if (state === 'disagrees' && behind !== undefined) {
    const since = timeAgo(behind.since, now, words);
    lines.push(
      behind.has === undefined
        ? hosts.serverSilent(behind.server, since)
        : hosts.serverBehind(behind.server, addressesOf(behind.has, words), since),
    );
  }
  if (state === 'silent' && silent !== undefined)
    lines.push(hosts.silentSince(timeAgo(silent.since, now, words)));
  if (report !== undefined && state !== 'failed' && state !== 'silent') {
    lines.push(hosts.reportedBy(report.program ?? report.user, timeAgo(report.at, now, words)));
  }
  if (visible !== undefined && state === 'up to date') lines.push(hosts.sameOn(visible.servers));
  if (state === 'waiting') lines.push(hosts.waiting);
  return html`${addressList(addresses, words)}${lines.map((line) => html`<p class="small quiet">${line}</p>`)}`;
}

function addressList(addresses: Addresses, { hosts }: Catalogue): Content {
  const all = addressesIn(addresses);
  if (all.length === 0) return html`<p class="quiet">${hosts.noAddress}</p>`;
  return html`<ul class="addresses">${all.map((one) => html`<li>${address(one)}</li>`)}</ul>`;
}

const asked = ({ ipv4, ipv6, prefix }: Reported['asked']): string =>
  [ipv4, ipv6, prefix].filter((one) => one !== undefined).join(' ');
