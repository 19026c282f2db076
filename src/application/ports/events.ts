import type { Event } from '../../domain/event.ts';

/** Is told what happens. */
export interface Events {
  /**
   * Returns at once and never throws. Whoever listens works later, and neither slows an update down nor changes its
   * outcome. What a listener cannot keep is lost, and the listener counts it.
   */
  tell(event: Event): void;
}
