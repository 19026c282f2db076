import type { Events } from '../../src/application/ports/events.ts';
import type { Event } from '../../src/domain/event.ts';

/** Keeps what it is told. */
export class RecordingEvents implements Events {
  readonly told: Event[] = [];

  tell(event: Event): void {
    this.told.push(event);
  }

  /** The events of this kind, in the order in which they were told. */
  of<Kind extends Event['kind']>(kind: Kind): readonly Extract<Event, { readonly kind: Kind }>[] {
    return this.told.filter((event): event is Extract<Event, { readonly kind: Kind }> => event.kind === kind);
  }
}
