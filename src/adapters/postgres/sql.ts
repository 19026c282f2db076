import type postgres from 'postgres';

/** The number of the type text[]. The package would learn it by a question on each connection. */
const TEXTS = 1009;

export const types = {
  texts: {
    to: TEXTS,
    from: [TEXTS],
    serialize: (texts: readonly string[]) =>
      `{${texts.map((text) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`).join(',')}}`,
    parse: (text: string) => text,
  },
};

export type Types = { texts: readonly string[] };

/** Asks questions, each as a template whose values travel beside it: no value can become a part of the question. */
export type Sql = postgres.ISql<Types>;
