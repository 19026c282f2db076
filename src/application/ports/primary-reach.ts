import type { Primary } from '../manage/settings.ts';

/** Finds out whether a primary answers. */
export interface PrimaryReach {
  /**
   * Resolves to undefined after any answer, else to a few words why there is none. Ends within ten seconds, and does not
   * reject whatever a primary does.
   */
  reach(primary: Primary): Promise<string | undefined>;
}
