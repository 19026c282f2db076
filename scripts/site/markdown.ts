import { posix } from 'node:path';
import { Marked, type Token, type Tokens } from 'marked';
import { html, Markup } from '../../src/adapters/web/html.ts';

/** A heading, and what stands below it up to the next one: what a search finds. */
export type Section = {
  readonly heading: string;
  readonly anchor: string;
  readonly depth: number;
  readonly text: string;
};

export type Rendered = {
  readonly title: string;
  readonly body: string;
  readonly sections: readonly Section[];
  /** The files of the project that it leads to or shows, from its root. */
  readonly files: ReadonlySet<string>;
};

/** What a heading is entered at, as GitHub writes it in addresses. */
const slugOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');

/** Where a file of the project stands in the site: in the same folder, so that links stay as they are. */
export const siteName = (file: string): string =>
  file.replace(/(^|\/)README\.md$/, '$1index.html').replace(/\.md$/, '.html');

const isElsewhere = (link: string): boolean => /^[a-z]+:/i.test(link);

/** The first heading of a text. */
const titleOf = (text: string): string | undefined => /^# (.+)$/m.exec(text)?.[1];

/** Renders a file of the project, which is named from its root. `read` gives the text of another one. */
export function render(file: string, read: (file: string) => string): Rendered {
  const text = read(file);
  const files = new Set<string>();
  const anchors = new Map<string, number>();
  const headings: Omit<Section, 'text'>[] = [];

  function linkOf(link: string): string {
    if (isElsewhere(link)) return link;
    const [path = '', anchor] = link.split('#');
    if (path !== '') files.add(posix.join(posix.dirname(file), path));
    return siteName(path) + (anchor === undefined ? '' : `#${anchor}`);
  }

  function anchorOf(heading: string): string {
    const slug = slugOf(heading);
    const before = anchors.get(slug) ?? 0;
    anchors.set(slug, before + 1);
    return before === 0 ? slug : `${slug}-${before}`;
  }

  const marked = new Marked({
    renderer: {
      heading({ tokens, depth }) {
        const heading = plain(tokens);
        const anchor = anchorOf(heading);
        headings.push({ heading, anchor, depth });
        const link = html`<a class="anchor" href="#${anchor}" aria-label="Link to this part">#</a>`.text;
        return `<h${depth} id="${anchor}">${this.parser.parseInline(tokens)}${depth > 1 ? link : ''}</h${depth}>\n`;
      },
      link({ href, tokens }) {
        const link = html`<a href="${linkOf(href)}">`.text;
        // In place of the name of a file, a site has the title of its page.
        const named = /^[\w./-]+\.md$/.test(plain(tokens)) && href.split('#')[0];
        const title = named ? titleOf(read(posix.join(posix.dirname(file), named))) : undefined;
        return `${link}${title === undefined ? this.parser.parseInline(tokens) : html`${title}`.text}</a>`;
      },
      image({ href, text: alternative }) {
        return html`<span class="figure" tabindex="0"><img src="${linkOf(href)}" alt="${alternative}"></span>`
          .text;
      },
      code({ text: code, lang }) {
        return `<div class="code"><pre><code>${colored(code, lang)}</code></pre></div>\n`;
      },
      table({ header, rows }) {
        const inline = (cell: Tokens.TableCell) => new Markup(this.parser.parseInline(cell.tokens));
        const labels = header.map(({ tokens }) => plain(tokens));
        // On a small screen, each row stands by itself with these labels.
        const cellOf = (cell: Tokens.TableCell, index: number) => {
          const label = index > 0 && labels[index] !== '' && html` data-label="${labels[index]}"`;
          return html`<td${label}>${inline(cell)}</td>`;
        };
        const look = header.length > 5 ? 'rows many-columns' : 'rows';
        return html`<div class="table"><table class="${look}">
<thead><tr>${header.map((cell) => html`<th scope="col">${inline(cell)}</th>`)}</tr></thead>
<tbody>${rows.map((cells) => html`<tr>${cells.map(cellOf)}</tr>\n`)}</tbody>
</table></div>
`.text;
      },
      html: ({ text: markup }) => (/^\s*<!--[\s\S]*-->\s*$/.test(markup) ? '' : html`${markup}`.text),
    },
  });
  const tokens = marked.lexer(text);
  const body = marked.parser(tokens);
  const title = headings[0]?.heading ?? file;
  return { title, body, sections: sectionsOf(tokens, headings), files };
}

/** Comments of shells and configurations stand back. */
function colored(code: string, lang = ''): string {
  const { text } = html`${code}`;
  if (!/^(?:sh|toml|ini|yaml)$/.test(lang)) return text;
  return text.replace(/(^|\s{2,}|\n)(# ?[^\n]*)/g, '$1<span class="comment">$2</span>');
}

/** The words of some tokens, without their marks. */
function plain(tokens: readonly Token[] = []): string {
  return tokens
    .map((token) => {
      if (token.type === 'html' || token.type === 'image') return '';
      if (token.type === 'table')
        return cellsOf(token as Tokens.Table)
          .map((cell) => plain(cell.tokens))
          .join(' ');
      if (token.type === 'list')
        return (token as Tokens.List).items.map((item) => plain(item.tokens)).join(' ');
      if (token.type === 'br') return ' ';
      return 'tokens' in token && token.tokens !== undefined
        ? plain(token.tokens)
        : 'text' in token
          ? unescaped(token.text)
          : ' ';
    })
    .join('');
}

const cellsOf = ({ header, rows }: Tokens.Table): readonly Tokens.TableCell[] => [...header, ...rows.flat()];

/** marked escapes the text of some of its tokens. */
const unescaped = (text: string): string =>
  text.replace(
    /&(amp|lt|gt|quot|#39);/g,
    (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" })[name] ?? '',
  );

function sectionsOf(
  tokens: readonly Token[],
  headings: readonly Omit<Section, 'text'>[],
): readonly Section[] {
  const texts: string[] = [];
  for (const token of tokens) {
    if (token.type === 'heading') texts.push('');
    else if (texts.length > 0) texts[texts.length - 1] += ` ${plain([token])}`;
  }
  return headings.map((heading, index) => ({
    ...heading,
    text: (texts[index] ?? '').replace(/\s+/g, ' ').trim(),
  }));
}
