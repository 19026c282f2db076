import type { PrimaryHealth, PrimaryState } from '../../application/ports/primary-health.ts';

/** The health of the primaries that are asked now, whatever the configuration made of them meanwhile. */
export class PresentHealth implements PrimaryHealth {
  #source: PrimaryHealth = { states: () => [] };

  /** From now on `source` knows. Nobody does before, in a process that asks no primary. */
  follow(source: PrimaryHealth): void {
    this.#source = source;
  }

  states(): readonly PrimaryState[] {
    return this.#source.states();
  }
}
