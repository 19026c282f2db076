import type { Primary } from '../manage/settings.ts';

/** Asks a primary anything at all, to hear whether it is there. */
export interface PrimaryReach {
  /**
   * Undefined when an answer came, whatever it says; else why there is none, in a few words. Ends by itself
   * within ten seconds, and never rejects for what a primary does.
   */
  reach(primary: Primary): Promise<string | undefined>;
}
