/** Rows that are asked for, and held in memory, at once. */
export const PAGE = 1_000;

/** All rows of a table, by questions for those behind `last`, in pages. */
export async function* allRows<Row>(
  rowsBehind: (last: Row | undefined) => Promise<readonly Row[]>,
): AsyncIterable<Row> {
  let rows: readonly Row[] = [];
  do {
    rows = await rowsBehind(rows.at(-1));
    yield* rows;
  } while (rows.length === PAGE);
}

/** Behind all texts that begin with `search`: no character comes behind this one. */
export const endOf = (search: string): string => `${search}\u{10ffff}`;
