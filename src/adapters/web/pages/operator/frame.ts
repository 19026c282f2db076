import type { Part, PartOf } from '../../../../application/ports/part.ts';
import { type Question, question } from '../../components.ts';
import { type Content, html, type Markup } from '../../html.ts';
import { type Page, show } from '../../layout.ts';
import { type PageContext, type PageMiddleware, signedInOf } from '../../visit.ts';

/** How many rows of a list one page shows. A list of thousands is shown in parts. */
export const ROWS = 50;

/** For all others, there is no such page. Behind `needUser`. */
export const needOperator: PageMiddleware = (context, next) =>
  signedInOf(context).user.admin === true ? next() : context.throw(404);

/** Shows a page of the operator under their menu. `path` is the entry that is marked as current. */
export function showOperator(context: PageContext, path: string, page: Omit<Page, 'menu'>): void {
  const { operator } = context.state.visit.words;
  const entries = [
    ['/operator', operator.today.title],
    ['/operator/people', operator.people.title],
    ['/operator/names', operator.names.title],
    ['/operator/servers', operator.servers.title],
    ['/operator/sign-ins', operator.signIns.title],
    ['/operator/notices', operator.notices.title],
    ['/operator/changes', operator.changes.title],
  ] as const;
  const menu = html`<nav class="sub" aria-label="${operator.menu}"><ul>${entries.map(
    ([target, label]) =>
      html`<li><a href="${target}"${target === path && html` aria-current="page"`}>${label}</a></li>`,
  )}</ul></nav>`;
  show(context, { ...page, menu: '/operator', before: menu });
}

/** Which part of a short list is shown, counted from 0. */
export function partQuery({ state }: PageContext): number {
  const query = new URLSearchParams(state.query);
  return Math.max(1, Math.min(100_000, Math.trunc(Number(query.get('page')) || 1))) - 1;
}

/** What is searched for in a list that may be long, and which part of it is shown. */
export function listQuery<Name extends string>({ state }: PageContext): Part<Name> {
  const query = new URLSearchParams(state.query);
  const [search = '', after] = ['q', 'after'].map((key) => query.get(key)?.slice(0, 255));
  return { search: search.trim(), after: after as Name | undefined, most: ROWS };
}

/** Links to the first part and to the next one. */
export function listLinks(
  context: PageContext,
  path: string,
  { rows, hasMore }: PartOf<{ readonly name: string }>,
  more: Readonly<Record<string, string>> = {},
): Content {
  const { search, after } = listQuery(context);
  const { operator } = context.state.visit.words;
  const last = rows.at(-1)?.name;
  const link = (place: Readonly<Record<string, string>>, label: string) =>
    html`<a class="button" href="${path}?${new URLSearchParams({ q: search, ...more, ...place }).toString()}">${label}</a>`;
  const next = hasMore && last !== undefined && link({ after: last }, operator.later);
  if (after === undefined && next === false) return undefined;
  return html`<p class="parts">${after !== undefined && link({}, operator.first)} ${next}</p>`;
}

export function searchForm({ state }: PageContext, path: string, label: string, search: string): Markup {
  return html`<form action="${path}" class="line search" role="search"><label class="hidden" for="q">${label}</label>
<input id="q" name="q" type="search" value="${search}" placeholder="${label}" autocapitalize="none" spellcheck="false">
<button>${state.visit.words.operator.search}</button></form>`;
}

/** Links to the previous part and to the next one. */
export function partLinks(context: PageContext, path: string, hasMore: boolean): Content {
  const part = partQuery(context);
  const { operator } = context.state.visit.words;
  if (part === 0 && !hasMore) return undefined;
  const link = (to: number, label: string) =>
    html`<a class="button" href="${path}?${new URLSearchParams({ page: String(to + 1) }).toString()}">${label}</a>`;
  return html`<p class="parts">${part > 0 && link(part - 1, operator.earlier)} <span class="quiet">${operator.page(part + 1)}</span> ${
    hasMore && link(part + 1, operator.later)
  }</p>`;
}

export const personPath = (user: string): string => `/operator/people/${encodeURIComponent(user)}`;

export const personLink = (user: string): Markup => html`<a href="${personPath(user)}">${user}</a>`;

/** A page that asks once before something dangerous. */
export function confirm(
  context: PageContext,
  { title, ...asked }: Question & { readonly title: string },
): void {
  showOperator(context, '/operator/people', { title, content: question(context.state.visit, asked) });
}
