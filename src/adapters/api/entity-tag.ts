import { hash } from 'node:crypto';

/** The entity tag of what is shown. */
export const tagOf = (shown: unknown): string =>
  `"${hash('sha256', JSON.stringify(shown), 'base64url').slice(0, 22)}"`;

/** Whether what is shown now was seen, by the entity tags of If-Match. */
export const wasSeen = (ifMatch: readonly string[], shown: unknown): boolean =>
  ifMatch.some((tag) => tag === '*' || tag === tagOf(shown));

/** An answer with its entity tag. */
export const tagged = <Shown>(shown: Shown) => ({ body: shown, headers: { ETag: tagOf(shown) } });
