import type { DomainName } from '../../domain/domain-name.ts';
import { assetPath } from './assets.ts';
import type { Catalogue } from './catalogue.en.ts';
import { type Content, html, type Markup } from './html.ts';
import type { Visit } from './visit.ts';

// The pieces that several pages share.

/** A sign of `signs.svg`. It says nothing to a screen reader: words stand beside it. */
export const sign = (name: string): Markup =>
  html`<svg class="sign" aria-hidden="true"><use href="${assetPath('signs.svg')}#${name}"></use></svg>`;

/** An address, which stays in one line. Only a long IPv6 address may break, between its network and its interface id. */
export function address(text: string): Markup {
  const [, network, host] = /^((?:[^:]+:){4})([^:]+:[^:]+:[^:]+:.+)$/.exec(text) ?? [];
  return network === undefined
    ? html`<span class="address">${text}</span>`
    : html`<span class="address">${network}<wbr>${host}</span>`;
}

/** "4 minutes ago", with the exact time for those who want it. `at` and `now` are milliseconds since 1970-01-01 UTC. */
export const timeAgo = (at: number, now: number, { code, time }: Catalogue): Markup =>
  timeElement(at, ago(at - now, code, time.now));

/** "for 4 minutes", of what has lasted since `since`. */
export const lasting = (since: number, now: number, { code, time }: Catalogue): Markup =>
  timeElement(since, time.lasting(ago(Math.min(since - now, -60_000), code, time.now, 'always')));

/** "2 hours", in the largest unit of which there is at least one. */
export function duration(milliseconds: number, { code }: Catalogue): string {
  const [unit, length] = UNITS.find(([, length]) => milliseconds >= length) ?? ['minute', 60_000];
  const format = new Intl.NumberFormat(code, {
    style: 'unit',
    unit,
    unitDisplay: 'long',
    maximumFractionDigits: 1,
  });
  return format.format(milliseconds / length);
}

function timeElement(at: number, text: string): Markup {
  const exact = new Date(at).toISOString();
  return html`<time datetime="${exact}" title="${exact}">${text}</time>`;
}

/** The time to the second, for what changes by itself: "4 minutes ago" would have to change too. */
export function exactTime(at: number, { code }: Catalogue): Markup {
  const format = { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' } as const;
  const text = new Intl.DateTimeFormat(code, format).format(at);
  return html`<time datetime="${new Date(at).toISOString()}" data-exact>${text} UTC</time>`;
}

const UNITS = [
  ['year', 31_536_000_000],
  ['month', 2_592_000_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

function ago(
  difference: number,
  language: string,
  justNow: string,
  numeric: Intl.RelativeTimeFormatNumeric = 'auto',
): string {
  const [unit, length] = UNITS.find(([, length]) => Math.abs(difference) >= length) ?? [];
  if (unit === undefined) return justNow;
  const format = new Intl.RelativeTimeFormat(language, { numeric });
  return format.format(Math.trunc(difference / length), unit);
}

/** A form that changes something. It carries the token that shows that it is from our page. */
export const form = (visit: Visit, action: string, content: Content, look = ''): Markup =>
  html`<form method="post" action="${action}" class="${look}">
<input type="hidden" name="form" value="${visit.formToken}">
${content}
</form>`;

/** A form that `passkeys.js` shows, and sends with the answer of an authenticator. Without that script it stays hidden. */
export const passkeyForm = (
  visit: Visit,
  {
    action,
    passkey,
    challenge,
  }: { readonly action: string; readonly passkey: 'create' | 'get'; readonly challenge: string },
  content: Content,
): Markup =>
  html`<form method="post" action="${action}" class="stack" data-passkey="${passkey}" data-challenge="${challenge}" hidden>
<input type="hidden" name="form" value="${visit.formToken}">
<input type="hidden" name="answer" value="">
${content}
</form>`;

export type FieldOptions = {
  /** Needed where the page has two fields of this name. */
  readonly id?: string;
  readonly type?: 'text' | 'email' | 'password' | 'number';
  readonly value?: string | undefined;
  readonly autocomplete?: string;
  readonly hint?: string;
  /** What is wrong with what was typed. */
  readonly error?: string | undefined;
  readonly optional?: boolean;
};

/** A field with its label, and beside it what is wrong. The first wrong field of a page has the focus. */
export function field(name: string, label: string, options: FieldOptions = {}): Markup {
  const { id = name, type = 'text', value, autocomplete = 'off', hint, error, optional = false } = options;
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return html`<div>
<label for="${id}">${label}</label>
<input id="${id}" name="${name}" type="${type}" autocomplete="${autocomplete}" autocapitalize="none" spellcheck="false"${
    value === undefined ? '' : html` value="${value}"`
  }${!optional && html` required`}${described !== '' && html` aria-describedby="${described}"`}${
    error !== undefined && html` aria-invalid="true" autofocus`
  }>
${hint && html`<p class="hint" id="${id}-hint">${hint}</p>`}${
  error && html`<p class="error" id="${id}-error">${withStop(error)}</p>`
}
</div>`;
}

/** The field of one of the user's names. */
export const fieldOfName = (name: DomainName): string => `name:${name}`;

export const checkbox = (name: string, label: Content, isChosen: boolean): Markup =>
  html`<label class="choice"><input type="checkbox" name="${name}" value="1"${isChosen && html` checked`}>${label}</label>`;

/** Reasons of the domain are sentences without a full stop. */
const withStop = (sentence: string): string => (/[.!?…]$/.test(sentence) ? sentence : `${sentence}.`);

const SIGNS = { good: 'up-to-date', bad: 'failed', care: 'silent', plain: 'arrow' } as const;

export const note = (kind: keyof typeof SIGNS, content: Content): Markup =>
  html`<div class="note ${kind}" role="${kind === 'bad' ? 'alert' : 'status'}">${sign(SIGNS[kind])}<p>${content}</p></div>`;

/**
 * A table with these heads of columns. Without a head, a column has links or buttons. With the look `rows`, each row
 * stands by itself where the window is narrow.
 */
export const table = (
  head: readonly (string | undefined)[],
  rows: Content,
  look: 'rows' | '' = 'rows',
): Markup =>
  html`<div class="table"><table${look !== '' && html` class="${look}"`}><thead><tr>${head.map((name) =>
    name === undefined ? html`<td></td>` : html`<th scope="col">${name}</th>`,
  )}</tr></thead>
<tbody>${rows}</tbody></table></div>`;

export type Question = {
  readonly lead: string;
  readonly action: string;
  readonly button: string;
  /** The page for whoever says no. */
  readonly back: string;
  readonly fields?: Content;
  readonly look?: string;
};

/** Asks once before something dangerous. */
export const question = (visit: Visit, asked: Question): Markup => html`<p>${asked.lead}</p>
${form(
  visit,
  asked.action,
  html`${asked.fields}<p><button class="danger">${asked.button}</button> <a class="button" href="${asked.back}">${visit.words.frame.cancel}</a></p>`,
  asked.look,
)}`;

/** Text to be copied as a whole, with a button that does so. The button is shown where a script can copy. */
export const copyable = (id: string, text: string, { frame }: Catalogue, look = ''): Markup =>
  html`<pre id="${id}" tabindex="0">${text}</pre>
<p><button type="button" class="${look}" data-copy="${id}" data-done="${frame.copied}" hidden>${frame.copy}</button></p>`;
