import type { DomainName } from '../../domain/domain-name.ts';
import { NAME_EVENTS, type NoticeEvent, type NoticeTarget } from '../../domain/notice.ts';
import type { Catalogue } from './catalogue.en.ts';
import { checkbox, fieldOfName } from './components.ts';
import type { Typed } from './forms.ts';
import { html, type Markup } from './html.ts';

// Which notices go to a target of a user: of which events, and of which of the user's names. An empty list means all.

type Filters = Pick<NoticeTarget, 'events' | 'names'>;

const fieldOfEvent = (event: NoticeEvent): string => `event:${event}`;

/** The events and names that were chosen. Whatever else was sent is left out. */
export const readFilters = (typed: Typed, own: readonly DomainName[]): Filters => ({
  events: NAME_EVENTS.filter((event) => typed[fieldOfEvent(event)] !== undefined),
  names: own.filter((name) => typed[fieldOfName(name)] !== undefined),
});

/** The choices, closed until somebody wants them or has chosen something. */
export function filterFields(typed: Typed, own: readonly DomainName[], { notices }: Catalogue): Markup {
  const chosen = readFilters(typed, own);
  const isOpen = chosen.events.length + chosen.names.length > 0;
  const events = NAME_EVENTS.map((event) =>
    checkbox(fieldOfEvent(event), notices.events[event], chosen.events.includes(event)),
  );
  const names = own.map((name) =>
    checkbox(fieldOfName(name), html`<span class="name">${name}</span>`, chosen.names.includes(name)),
  );
  const group = (title: string, choices: readonly Markup[]) =>
    html`<fieldset><legend>${title}</legend><div class="choices">${choices}</div></fieldset>`;
  return html`<details${isOpen && html` open`}><summary>${notices.filter}</summary>
<p class="hint">${notices.filterHint}</p>
${group(notices.whichEvents, events)}
${names.length > 0 && group(notices.whichNames, names)}</details>`;
}

/** One or two sentences. The API and the configuration know events that the form does not offer. */
export function filterText({ events, names }: Filters, { notices }: Catalogue): string {
  const words: Readonly<Record<string, string>> = notices.events;
  const told = events.map((event) => words[event] ?? event);
  if (told.length + names.length === 0) return notices.unfiltered;
  const sentences = [
    told.length > 0 && notices.onlyEvents(told.join(', ')),
    names.length > 0 && notices.onlyNames(names.join(', ')),
  ];
  return sentences.filter(Boolean).join(' ');
}
