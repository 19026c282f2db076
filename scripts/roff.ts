import type { Token, Tokens } from 'marked';

// Pages of the manual in the macros of man(7), which man-db and mandoc both know.

/** Text as roff prints it: a hyphen stays one that can be copied, and no line becomes a request. */
export function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^(?=[.'])/gm, '\\&');
}

export const bold = (text: string): string => `\\fB${escaped(text)}\\fR`;
export const italic = (text: string): string => `\\fI${escaped(text)}\\fR`;

/** Escapes text, with what stands between backquotes in bold. */
export function prose(text: string): string {
  const parts = text.replaceAll(/\s+/g, ' ').trim().split('`');
  return wrapped(parts.map((part, index) => (index % 2 === 1 ? bold(part) : escaped(part))).join(''));
}

/** Begins each sentence on a line of its own, as roff wants it, and breaks long ones. */
function wrapped(text: string): string {
  return text
    .replace(/([.?!:]) (?=\S)/g, '$1\n')
    .split('\n')
    .map((sentence) => sentence.replace(/(.{40,70}) (?=\S)/g, '$1\n'))
    .join('\n')
    .replace(/^(?=[.'])/gm, '\\&');
}

export const heading = (level: 1 | 2, text: string): string =>
  `${level === 1 ? '.SH' : '.SS'} "${escaped(text.replaceAll('"', ''))}"`;

export const paragraph = (text: string): string => `.PP\n${text}`;

export const example = (text: string): string => `.PP\n.RS 4\n.nf\n${escaped(text.trimEnd())}\n.fi\n.RE`;

export const item = (term: string, text: string): string => `.TP\n${term}\n${text}`;

export type Page = {
  readonly name: string;
  readonly section: number;
  readonly about: string;
  readonly version: string;
  readonly date: string;
  readonly parts: readonly string[];
};

export function page({ name, section, about, version, date, parts }: Page): string {
  const volume = section === 1 ? 'User Commands' : 'File Formats';
  return `${[
    `.\\" Written by \`npm run build\`.`,
    `.TH ${escaped(name.toUpperCase())} ${section} "${date}" "dynonym ${version}" "${volume}"`,
    '.nh',
    '.ad l',
    heading(1, 'NAME'),
    `${escaped(name)} \\- ${escaped(about)}`,
    ...parts,
  ]
    .join('\n')
    // A heading begins a paragraph by itself.
    .replace(/^(\.S[HS] .*)\n\.PP$/gm, '$1')}\n`;
}

/** A page of the documentation, from its second level of headings on. */
export function blocks(tokens: readonly Token[]): readonly string[] {
  return (
    tokens as readonly (Tokens.Heading | Tokens.Paragraph | Tokens.Code | Tokens.Table | Tokens.List)[]
  ).flatMap((token) => {
    switch (token.type) {
      case 'heading':
        return token.depth === 1 ? [] : heading(token.depth === 2 ? 1 : 2, plain(token.text));
      case 'paragraph':
        return paragraph(inline(token));
      case 'code':
        return example(token.text);
      case 'table':
        return token.rows.map(rowItem);
      case 'list':
        return token.items.map((each) => `.IP \\(bu 2\n${inline(each)}`);
      default:
        return [];
    }
  });
}

/** A row of a table as an item: the first cell, the default, the meaning. */
function rowItem([key, ...cells]: readonly Tokens.TableCell[]): string {
  const [meaning, ...between] = cells.filter(({ text }) => text !== '').reverse();
  const standard = between.map((cell) => ` (default: ${inline(cell)})`).join('');
  return item(`${inline(key)}${standard}`, inline(meaning));
}

function inline(token: { readonly text: string } | undefined): string {
  return prose(plain(token?.text ?? ''));
}

/** Markdown without links and stress: what is left is text and backquotes. */
function plain(text: string): string {
  return text.replace(/\[([^\]]+)\]\([^)]+\)/g, '$1').replaceAll('**', '');
}
