import type { Changed } from '../../domain/event.ts';
import type { SeenEvent } from '../../domain/seen-event.ts';
import type { Catalogue } from './catalogue.en.ts';
import { address, table, timeAgo } from './components.ts';
import { type Content, html, type Markup } from './html.ts';

const DAY = 86_400_000;
const SHOWN = 30 * DAY;
const WIDTH = 900;
const BAND = 22;
const LABELS = { ipv4: 'IPv4', ipv6: 'IPv6' } as const;

/** An address that a name had for a while. Times are milliseconds since 1970-01-01 UTC. */
type Stay = { readonly address: string; readonly from: number; readonly until: number | undefined };

/** The addresses of the last thirty days, as one band per family and as a table. `events` has the latest first. */
export function timeLine(events: readonly SeenEvent[], now: number, words: Catalogue): Content {
  const changes = events.filter((event) => event.kind === 'changed').reverse();
  const bands = (['ipv4', 'ipv6'] as const)
    .map((family) => ({ family, stays: staysOf(changes, family, now - SHOWN) }))
    .filter(({ stays }) => stays.length > 0);
  if (bands.length === 0) return undefined;
  const { host } = words;
  return html`<figure class="time-line"><figcaption>${host.timeLine}</figcaption>
<div class="bands" aria-hidden="true">${bands.map(
    ({ family, stays }) =>
      html`<span class="small quiet">${LABELS[family]}</span><svg viewBox="0 0 ${WIDTH} ${BAND}" preserveAspectRatio="none">${stays.map((stay, index) => bandOf(stay, index, now))}</svg>`,
  )}<p class="small quiet ends"><span>${host.monthAgo}</span><span>${host.now}</span></p></div>
<details><summary>${host.asTable}</summary>${table(
    [host.address, host.from, host.until],
    bands
      .flatMap(({ stays }) => stays)
      .reverse()
      .map(
        (stay) => html`<tr><td>${address(stay.address)}</td><td>${timeAgo(stay.from, now, words)}</td>
<td>${stay.until === undefined ? host.now : timeAgo(stay.until, now, words)}</td></tr>`,
      ),
    '',
  )}</details></figure>`;
}

function bandOf(stay: Stay, index: number, now: number): Markup {
  const place = (at: number) => Math.round(((at - (now - SHOWN)) / SHOWN) * WIDTH);
  // An address of the last hours alone would be too narrow to be seen.
  const left = Math.min(place(stay.from), WIDTH - 4);
  const width = Math.max(3, place(stay.until ?? now) - left - 1);
  return html`<rect class="band ${index % 2 === 0 ? 'even' : 'odd'}" x="${left}" y="0" width="${width}" height="${BAND}" rx="3"/>`;
}

function staysOf(changes: readonly Changed[], family: 'ipv4' | 'ipv6', start: number): readonly Stay[] {
  const stays: Stay[] = [];
  for (const { at, after } of changes) {
    const addresses = after[family];
    if (addresses === undefined) continue;
    const last = stays.pop();
    const next = addresses.join(' ');
    if (last !== undefined && last.until === undefined && last.address === next) {
      stays.push(last);
      continue;
    }
    if (last !== undefined) stays.push({ ...last, until: last.until ?? at });
    if (next !== '') stays.push({ address: next, from: at, until: undefined });
  }
  return stays
    .filter(({ until }) => until === undefined || until > start)
    .map((stay) => ({ ...stay, from: Math.max(stay.from, start) }));
}
