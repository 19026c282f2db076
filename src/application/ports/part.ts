import { folded } from '../../domain/search.ts';

/** A part of a long list: what comes behind `after`, in the order of names, whatever the case of the letters. */
export type Part<Name extends string> = {
  /** What is looked for. Empty: all. */
  readonly search: string;
  /** The last name of the part before. Undefined: from the first on. */
  readonly after?: Name | undefined;
  /** How many at most. */
  readonly most: number;
};

/** `hasMore`: there are others behind these. */
export type PartOf<Row> = { readonly rows: readonly Row[]; readonly hasMore: boolean };

/** The first `most` of rows, of which the store was asked for one more. */
export const partOf = <Row>(rows: readonly Row[], most: number): PartOf<Row> => ({
  rows: rows.slice(0, most),
  hasMore: rows.length > most,
});

/** The part of a list that is in memory as a whole. */
export function partIn<Row extends { readonly name: string }>(
  all: readonly Row[],
  { after, most }: Pick<Part<Row['name']>, 'after' | 'most'>,
): PartOf<Row> {
  const behind = all.filter(({ name }) => after === undefined || compare(name, after) > 0);
  return partOf(
    behind.toSorted((one, other) => compare(one.name, other.name)),
    most,
  );
}

function compare(one: string, other: string): number {
  const [foldedOne, foldedOther] = [folded(one), folded(other)];
  if (foldedOne !== foldedOther) return foldedOne < foldedOther ? -1 : 1;
  return one === other ? 0 : one < other ? -1 : 1;
}
