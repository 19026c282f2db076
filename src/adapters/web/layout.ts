import { type AssetName, assetPath } from './assets.ts';
import { form } from './components.ts';
import { type Content, html } from './html.ts';
import type { PageContext, Visit } from './visit.ts';

/** A page between its menu and its footer. */
export type Page = {
  readonly title: string;
  /** The path of the menu to which the page belongs. */
  readonly menu?: string;
  /** Above the title: a menu of its own. */
  readonly before?: Content;
  readonly content: Content;
  readonly status?: number;
  /** A script that this page loads in addition to the one of all pages. */
  readonly script?: AssetName;
  /** True for a page of one form, which stands in the middle. */
  readonly isNarrow?: boolean;
};

/** Answers for a link that is not good any more, or never was. */
export function showNoLink(
  context: PageContext,
  { gone, goneTitle }: { readonly gone: string; readonly goneTitle: string },
): void {
  const content = html`<p>${gone}</p><p><a class="button" href="/">${context.state.visit.words.fault.back}</a></p>`;
  show(context, { title: goneTitle, content, status: 404, isNarrow: true });
}

/** Answers with a page. */
export function show(
  context: PageContext,
  { title, menu, before, content, status = 200, script, isNarrow = false }: Page,
): void {
  const { visit } = context.state;
  const { words, signedIn } = visit;
  context.status = status;
  context.set('Content-Type', 'text/html; charset=utf-8');
  context.body = html`<!doctype html>
<html lang="${words.code}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · dynonym</title>
<link rel="icon" href="${assetPath('mark.svg')}" type="image/svg+xml">
<link rel="stylesheet" href="${assetPath('style.css')}">
<script src="${assetPath('live.js')}" type="module"></script>${
    script &&
    html`
<script src="${assetPath(script)}" type="module"></script>`
  }
</head>
<body>
<a class="skip" href="#content">${words.frame.skip}</a>
<header class="top"><div class="inner bar">
<a class="brand" href="/"><img src="${assetPath('mark.svg')}" width="28" height="28" alt="">dynonym</a>
${signedIn && menuOf(visit, menu)}
</div></header>
<main id="content"${isNarrow && html` class="narrow"`}>
${before}<h1>${title}</h1>
${content}
</main>
<footer><div class="inner foot">
<span>dynonym</span>
${visit.formToken !== '' && form(visit, '/language', html`<button class="plain small" name="language" value="${words.code === 'de' ? 'en' : 'de'}" lang="${words.code === 'de' ? 'en' : 'de'}">${words.frame.otherLanguage}</button>`)}
</div></footer>
</body>
</html>
`.text;
}

function menuOf(visit: Visit, menu: string | undefined): Content {
  const { frame } = visit.words;
  const entries = [
    ['/', frame.hosts],
    ['/setup', frame.setUp],
    ['/certificates', frame.certificates],
    ['/account', frame.account],
    ...(visit.signedIn?.user.admin === true ? [['/operator', frame.operator] as const] : []),
  ] as const;
  return html`<nav aria-label="${frame.menu}"><ul>${entries.map(
    ([path, label]) =>
      html`<li><a href="${path}"${path === menu && html` aria-current="page"`}>${label}</a></li>`,
  )}</ul></nav>
<div class="who"><span class="hidden">${frame.signedInAs(visit.signedIn?.user.name ?? '')}</span><span class="small quiet" aria-hidden="true">${visit.signedIn?.user.name}</span>
${form(visit, '/sign-out', html`<button class="plain small">${frame.signOut}</button>`)}</div>`;
}
