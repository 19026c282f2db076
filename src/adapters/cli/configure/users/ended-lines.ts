import type { EndedFollowing } from '../../../../application/manage/end-following.ts';

/** What was done, with a line for each host that does not follow another one any more. */
export const withEnded = (done: string, ended: readonly EndedFollowing[]): string =>
  [done, ...ended.map(({ name, follows }) => `${name} does not follow ${follows} any more.`)].join('\n');
