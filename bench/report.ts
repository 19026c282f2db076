import { median } from './statistics.ts';

/** What was measured of one program, once in each repetition. */
export type Series = { readonly of: string; readonly values: readonly number[] };

/** By their ratio, by their difference, or not at all: ours is what counts. */
type Compare = 'ratio' | 'difference' | 'ours alone';

/** How two medians are compared, and what the comparison has to come to. */
export type Goal =
  | { readonly compare: Compare; readonly atLeast: number }
  | { readonly compare: Compare; readonly atMost: number };

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

function comparisonOf(compare: Compare, ours: Series, theirs: Series): number {
  const [one, other] = [median(ours.values), median(theirs.values)];
  switch (compare) {
    case 'ratio':
      return one / other;
    case 'difference':
      return one - other;
    case 'ours alone':
      return one;
  }
}

function comparisonText({ ours, theirs, goal, decimals = 0 }: Row): string {
  const compare = goal?.compare ?? 'ratio';
  return resultText(compare, comparisonOf(compare, ours, theirs), decimals);
}

function goalText(goal: Goal): string {
  const [word, bound] = 'atLeast' in goal ? ['at least', goal.atLeast] : ['at most', goal.atMost];
  return `${word} ${goal.compare === 'ratio' ? `${bound} ×` : resultText(goal.compare, bound, 0)}`;
}

function resultText(compare: Compare, result: number, decimals: number): string {
  switch (compare) {
    case 'ratio':
      return `${result.toFixed(2)} ×`;
    case 'difference':
      return signed(result, decimals);
    case 'ours alone':
      return withSeparators(result, decimals);
  }
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
