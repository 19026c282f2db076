import { median } from './statistics.ts';

/** What was measured of one program, once in each repetition. */
export type Series = { readonly of: string; readonly values: readonly number[] };

/** How two medians are compared, and what the comparison has to come to. */
export type Goal =
  | { readonly compare: 'ratio' | 'difference'; readonly atLeast: number }
  | { readonly compare: 'ratio' | 'difference'; readonly atMost: number };

/** One line of the results: something of dynonym beside something else, in one unit. */
export type Row = {
  readonly what: string;
  readonly unit: string;
  readonly ours: Series;
  readonly theirs: Series;
  /** Without one, the line is for information. */
  readonly goal: Goal | undefined;
  /** Decimals of the unit that mean something. */
  readonly decimals?: number;
};

/** The lines as a table in Markdown. */
export function tableOf(rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const { what, unit, ours, theirs, goal, decimals = 0 } = row;
    const cells = [
      `${what} (${unit})`,
      `${ours.of}: ${seriesText(ours.values, decimals)}`,
      `${theirs.of}: ${seriesText(theirs.values, decimals)}`,
      comparisonText(row),
      goal === undefined ? '' : goalText(goal),
      goal === undefined ? '' : isReached(row) ? 'yes' : '**no**',
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    '| what | measured | beside | result | goal | reached |',
    '|---|---|---|---|---|---|',
    ...lines,
  ].join('\n');
}

export function isReached({ ours, theirs, goal }: Row): boolean {
  if (goal === undefined) return true;
  const result = comparisonOf(goal.compare, ours, theirs);
  return 'atLeast' in goal ? result >= goal.atLeast : result <= goal.atMost;
}

function comparisonOf(compare: Goal['compare'], ours: Series, theirs: Series): number {
  const [one, other] = [median(ours.values), median(theirs.values)];
  return compare === 'ratio' ? one / other : one - other;
}

function comparisonText({ ours, theirs, goal, decimals = 0 }: Row): string {
  const compare = goal?.compare ?? 'ratio';
  const result = comparisonOf(compare, ours, theirs);
  return compare === 'ratio' ? `${result.toFixed(2)} ×` : signed(result, decimals);
}

function goalText(goal: Goal): string {
  const [word, bound] = 'atLeast' in goal ? ['at least', goal.atLeast] : ['at most', goal.atMost];
  return `${word} ${goal.compare === 'ratio' ? `${bound} ×` : signed(bound, 0)}`;
}

/** `1,234 (1,200 to 1,300)`: the median and between what the repetitions lay. */
function seriesText(values: readonly number[], decimals: number): string {
  const text = (value: number) => withSeparators(value, decimals);
  return `${text(median(values))} (${text(Math.min(...values))} to ${text(Math.max(...values))})`;
}

const signed = (value: number, decimals: number): string =>
  `${value < 0 ? '−' : '+'}${withSeparators(Math.abs(value), Number.isInteger(value) ? 0 : Math.max(decimals, 1))}`;

const withSeparators = (value: number, decimals: number): string =>
  value.toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
