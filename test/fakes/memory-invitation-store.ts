import type { InvitationStore } from '../../src/application/ports/invitation-store.ts';
import type { Invitation } from '../../src/domain/invitation.ts';

/** An InvitationStore that forgets everything with the process. */
export class MemoryInvitationStore implements InvitationStore {
  #all: readonly Invitation[] = [];

  async find(digest: string): Promise<Invitation | undefined> {
    return this.#all.find((one) => one.digest === digest);
  }

  async list(): Promise<readonly Invitation[]> {
    return this.#all;
  }

  async add(invitation: Invitation, expired: number): Promise<void> {
    this.#all = [...this.#all.filter(({ since }) => since >= expired), invitation];
  }

  async take(digest: string): Promise<Invitation | undefined> {
    const taken = await this.find(digest);
    const wasThere = this.#all.includes(taken as Invitation);
    this.#all = this.#all.filter((one) => one !== taken);
    return wasThere ? taken : undefined;
  }
}
