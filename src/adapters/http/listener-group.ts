import type { Listener } from '../../application/ports/listener.ts';

/** Several listeners that are one for those who start and stop them. */
export class ListenerGroup implements Listener {
  readonly #members: readonly Listener[];

  constructor(members: readonly Listener[]) {
    this.#members = members;
  }

  async start(): Promise<readonly string[]> {
    const addresses: string[] = [];
    for (const member of this.#members) addresses.push(...(await member.start()));
    return addresses;
  }

  async stop(deadline: AbortSignal): Promise<void> {
    await Promise.all(this.#members.map((member) => member.stop(deadline)));
  }
}
