import { posix } from 'node:path';
import { type Content, html, Markup } from '../../src/adapters/web/html.ts';
import { type Collection, MAP, type Path, type SitePage } from './collect.ts';
import { siteName } from './markdown.ts';

/** A whole page of the site. */
export function pageOf(page: SitePage, { pages, paths }: Collection): string {
  const here = siteName(page.file);
  const to = (path: string) => posix.relative(posix.dirname(here), path);
  const linkTo = (file: string): Content => {
    const current = file === page.file && new Markup(' aria-current="page"');
    return html`<a href="${to(siteName(file))}"${current}>${pages.get(file)?.title ?? file}</a>`;
  };
  const listOf = (files: Iterable<string>) =>
    html`<ul>${Array.from(files, (file) => html`<li>${linkTo(file)}</li>`)}</ul>`;
  const first = paths.find(({ files }) => files.includes(page.file));
  const isHome = page.file === 'README.md';

  // The first page says what dynonym is, then where each reader begins, and then the rest.
  const split = isHome ? page.body.indexOf('<h2') : page.body.length;
  const [begin, rest] = [page.body.slice(0, split), page.body.slice(split)];

  const { text } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${isHome ? 'dynonym: dynamic DNS that says what is true' : `${page.title} · dynonym`}</title>
<link rel="icon" href="${to('assets/mark.svg')}">
<link rel="stylesheet" href="${to('assets/style.css')}">
<link rel="stylesheet" href="${to('assets/site.css')}">
<script src="${to('assets/site.js')}" data-root="${to('.') || '.'}" defer></script>
</head>
<body>
<a class="skip" href="#content">To the content</a>
<header class="top"><div class="inner bar">
<a class="brand" href="${to('index.html')}"><img src="${to('assets/mark.svg')}" width="28" height="28" alt="">dynonym</a>
<form class="find" role="search" hidden><label class="hidden" for="words">Search</label><input id="words" type="search" placeholder="Search" autocomplete="off" aria-controls="found"><div id="found" role="region" aria-label="What was found" aria-live="polite" hidden></div></form>
</div></header>
<div class="inner site">
<nav class="pages" aria-label="Documentation"><details class="menu" open><summary>Pages</summary>
<p class="label">You are …</p>
${paths.map((path) => html`<details${path === first && new Markup(' open')}><summary>${path.reader}</summary>${listOf(path.files)}</details>`)}
<details${first === undefined && new Markup(' open')}><summary>looking for something: all pages</summary>${listOf(pages.keys())}</details>
</details></nav>
<main id="content">
<article>${new Markup(begin)}</article>
${isHome && homeOf(paths, linkTo, to)}
${rest !== '' && html`<article>${new Markup(rest)}</article>`}
${nextOf(page, paths, linkTo)}
</main>
${partsOf(page)}
</div>
<footer><div class="inner foot"><span>dynonym, <a href="${to(siteName('CHANGELOG.md'))}">what has changed</a></span><a href="${to(siteName(MAP))}">All pages, and when to read them</a></div></footer>
</body>
</html>
`;
  return text;
}

type LinkTo = (file: string) => Content;

/** The way of an update, and where each kind of reader begins. */
const homeOf = (
  paths: readonly Path[],
  linkTo: LinkTo,
  to: (path: string) => string,
): Content => html`<section class="begin" aria-labelledby="begin"><h2 id="begin">Where to begin</h2>
<p class="quiet">You are …</p>
<ul class="cards">${paths.map(
  ({ reader, files }) =>
    html`<li class="card"><h3>${reader}</h3><ol>${files.map((file) => html`<li>${linkTo(file)}</li>`)}</ol></li>`,
)}</ul></section>
<details class="way"><summary>How an update goes its way</summary><span class="figure" tabindex="0"><img src="${to('docs/drawings/update.svg')}" alt="The way of an update, which the page Design explains in words"></span></details>`;

/** What comes next on each of the paths that lead here. */
function nextOf({ file }: SitePage, paths: readonly Path[], linkTo: LinkTo): Content {
  const next = paths.flatMap(({ reader, files }) => {
    const following = files[files.indexOf(file) + 1];
    return files.includes(file) && following !== undefined
      ? [html`<li><span class="quiet">${reader}:</span> ${linkTo(following)}</li>`]
      : [];
  });
  return (
    next.length > 0 &&
    html`<aside class="next" aria-labelledby="next"><h2 id="next">What to read next, if you are …</h2><ul>${next}</ul></aside>`
  );
}

/** The parts of a page, beside it. */
function partsOf({ sections }: SitePage): Content {
  const parts = sections.filter(({ depth }) => depth === 2 || depth === 3);
  if (parts.length < 2) return html`<div></div>`;
  return html`<nav class="parts-here" aria-label="On this page"><p class="label">On this page</p><ul>${parts.map(
    ({ heading, anchor, depth }) => html`<li class="depth-${depth}"><a href="#${anchor}">${heading}</a></li>`,
  )}</ul></nav>`;
}
