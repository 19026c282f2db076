import { html, type Markup } from '../../src/adapters/web/html.ts';
import { drawing, linesOf, textAt } from './svg.ts';

/** Of `dynonym: 1,234 (1,200 to 1,300)`: whose it is, the median, and between what the repetitions lay. */
type Figure = {
  readonly of: string;
  readonly text: string;
  readonly median: number;
  readonly from: number;
  readonly to: number;
};

type Group = {
  readonly what: string;
  readonly ours: Map<string, Figure>;
  readonly theirs: Map<string, Figure>;
  /** Whether each goal of these rows is reached; empty without goals. */
  readonly goals: string[];
};

/** The rows between the marks of `npm run bench`, those about the same thing together. */
function groupsOf(page: string): readonly Group[] {
  const [, measured = ''] =
    /<!-- what the last whole run measured -->([\s\S]*?)<!-- end of what was measured -->/.exec(page) ?? [];
  const groups = new Map<string, Group>();
  for (const [, what = '', ours = '', theirs = '', , goal = '', reached = ''] of measured.matchAll(
    /^\| (.*?) \| (.*?) \| (.*?) \| (.*?) \| (.*?) \| (.*?) \|$/gm,
  )) {
    const [one, other] = [figureOf(ours), figureOf(theirs)];
    if (one === undefined || other === undefined) continue;
    const group: Group = groups.get(what) ?? { what, ours: new Map(), theirs: new Map(), goals: [] };
    groups.set(what, group);
    group.ours.set(one.of, one);
    group.theirs.set(other.of, other);
    if (goal.trim() !== '') group.goals.push(`${goal.trim()}: ${reached.trim().replaceAll('*', '')}`);
  }
  return [...groups.values()];
}

const number = (text: string): number => Number(text.replaceAll(',', ''));

function figureOf(cell: string): Figure | undefined {
  const [, of, median, from, to] = /^(.*): ([\d.,]+) \(([\d.,]+) to ([\d.,]+)\)$/.exec(cell) ?? [];
  if (of === undefined || median === undefined || from === undefined || to === undefined) return undefined;
  return {
    of: of.replaceAll('`', ''),
    text: median,
    median: number(median),
    from: number(from),
    to: number(to),
  };
}

const WIDTH = 760;
const LABELS = 304;
const VALUES = 88;
const BAR = 16;
const ROW = 24;
const LENGTH = WIDTH - LABELS - VALUES - 24;

/** The text of docs/drawings/benchmarks.svg: the figures of the table in docs/benchmarks.md as bars. */
export function benchmarkBars(page: string): string {
  const parts: Markup[] = [];
  let y = 20;
  for (const group of groupsOf(page)) {
    const figures = [...group.ours.values(), ...group.theirs.values()];
    const most = Math.max(...figures.map(({ to }) => to));
    for (const line of linesOf(group.what.replaceAll('`', ''), 96)) {
      y += 20;
      parts.push(textAt(24, y, line, 'name'));
    }
    if (group.goals.length > 0) {
      const missed = group.goals.some((goal) => goal.endsWith(': no'));
      const text = `goal of ${group.goals.map((goal) => goal.replace(': yes', ', reached').replace(': no', ', missed')).join('; ')}`;
      y += 18;
      parts.push(textAt(24, y, text, missed ? 'small bad' : 'small good'));
    }
    y += 10;
    figures.forEach((figure, index) => {
      parts.push(barOf(figure, y, LENGTH / most, index < group.ours.size ? 'ours' : 'theirs'));
      y += ROW;
    });
    y += 12;
  }
  const title = 'The figures of the benchmark: dynonym beside others, in bars from the table below';
  return drawing({ width: WIDTH, height: y + 12 }, title, parts);
}

/** The bar is the median; the line on it is between what the repetitions lay. */
function barOf({ of, text, median, from, to }: Figure, y: number, scale: number, look: string): Markup {
  const middle = y + BAR / 2;
  const at = (value: number) => (LABELS + value * scale).toFixed(1);
  return html`${textAt(LABELS - 10, y + 13, of, 'small end')}<rect x="${LABELS}" y="${y}" width="${(median * scale).toFixed(1)}" height="${BAR}" rx="3" class="${look}"/>
<path class="whisker" d="M${at(from)} ${middle}H${at(to)}"/>
${textAt(WIDTH - 24, y + 13, text, 'small end')}`;
}
