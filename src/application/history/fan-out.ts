import type { Event } from '../../domain/event.ts';
import type { Events } from '../ports/events.ts';

/** Tells each event to every listener, in their order. */
export class FanOut implements Events {
  readonly #listeners: readonly Events[];

  constructor(listeners: readonly Events[]) {
    this.#listeners = listeners;
  }

  tell(event: Event): void {
    for (const listener of this.#listeners) listener.tell(event);
  }
}
