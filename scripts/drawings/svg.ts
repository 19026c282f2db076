import { type Content, html, type Markup } from '../../src/adapters/web/html.ts';

/** The colours of the pages (adapters/web/assets/style.css), by the scheme of whoever looks. */
const STYLE = html`<style>
:root { --ground: #fff; --raised: #f6f7f9; --line: #b9c1cc; --text: #1a2230; --quiet: #576172; --accent: #1f5fbf; --tint: #e8f0fc; --other: #8d97a8; --good: #1b7344; --bad: #b3261e; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #12161d; --raised: #1b212b; --line: #465163; --text: #e7ebf1; --quiet: #a3adbc; --accent: #8ab4f8; --tint: #1a2a44; --other: #77829a; --good: #6fd09a; --bad: #ff9d94; }
}
text { font: 14px system-ui, sans-serif; fill: var(--text); }
.name { font-weight: 600; }
.quiet { fill: var(--quiet); }
.small { font-size: 12px; }
.code { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: 12px; }
.end { text-anchor: end; }
.good { fill: var(--good); font-weight: 600; }
.bad { fill: var(--bad); font-weight: 600; }
.box { fill: var(--raised); stroke: var(--line); }
.core { fill: var(--tint); stroke: var(--accent); }
.arrow { fill: none; stroke: var(--quiet); stroke-width: 1.5; }
.dotted { stroke-dasharray: 2 4; stroke-linecap: round; }
.ours { fill: var(--accent); }
.theirs { fill: var(--other); }
.whisker { stroke: var(--text); stroke-width: 1.5; }
</style>`;

export type Size = { readonly width: number; readonly height: number };

/** A whole drawing. What it shows is said in words too, for those who cannot see it. */
export function drawing({ width, height }: Size, title: string, ...parts: readonly Content[]): string {
  const { text } =
    html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${title}">
${STYLE}
<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto-start-reverse"><path d="M0 0 8 4 0 8z" fill="context-stroke"/></marker></defs>
<rect width="${width}" height="${height}" rx="8" fill="var(--ground)"/>
${parts}</svg>
`;
  return text;
}

export const textAt = (x: number, y: number, text: string, look = ''): Markup =>
  html`<text x="${x}" y="${y}" class="${look}">${text}</text>
`;

/** An arrow through points, such as `M10 10V40`. */
export const arrow = (path: string, look = ''): Markup =>
  html`<path class="arrow ${look}" d="${path}" marker-end="url(#head)"/>
`;

export type Place = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

export const box = ({ x, y, width, height }: Place, look = ''): Markup =>
  html`<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="8" class="box ${look}"/>
`;

/** Breaks a text into lines of so many characters at most. */
export function linesOf(text: string, characters: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= characters)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
