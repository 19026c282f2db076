import type { Actor, Deed } from '../../domain/event.ts';
import type { Clock } from '../ports/clock.ts';
import type { Events } from '../ports/events.ts';

/** Tells what somebody does to users, hosts and settings. */
export class Deeds {
  readonly #events: Events;
  readonly #clock: Clock;
  readonly #actor: Actor;

  constructor(events: Events, clock: Clock, actor: Actor) {
    this.#events = events;
    this.#clock = clock;
    this.#actor = actor;
  }

  /** What came of `change`. If that is `done`, the deed is told. */
  async tellIf<Outcome>(done: Outcome, change: Promise<Outcome>, deed: Deed): Promise<Outcome> {
    const outcome = await change;
    if (outcome === done) this.tell(deed);
    return outcome;
  }

  tell(deed: Deed): void {
    this.#events.tell({ kind: 'managed', at: this.#clock.now(), ...this.#actor, ...deed });
  }
}
