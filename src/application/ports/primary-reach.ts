import type { Primary } from '../manage/settings.ts';

/** Asks a primary any question, to learn whether it answers. */
export interface PrimaryReach {
  /**
   * Resolves to undefined when an answer came, whatever it says. Otherwise resolves to the reason why none came, in a
   * few words. Ends within ten seconds, and never rejects for what a primary does.
   */
  reach(primary: Primary): Promise<string | undefined>;
}
