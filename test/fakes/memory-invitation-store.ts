import type { InvitationStore, RemovedInvitation } from '../../src/application/ports/invitation-store.ts';
import type { Invitation } from '../../src/domain/invitation.ts';

/** An InvitationStore that forgets everything with the process. */
export class MemoryInvitationStore implements InvitationStore {
  #all: readonly Invitation[] = [];
  readonly #taken = new Set<string>();

  async find(digest: string): Promise<Invitation | undefined> {
    return this.#taken.has(digest) ? undefined : this.#all.find((one) => one.digest === digest);
  }

  async list(): Promise<readonly Invitation[]> {
    return this.#all.filter(({ digest }) => !this.#taken.has(digest));
  }

  async add(invitation: Invitation, expired: number): Promise<void> {
    this.#all = [...this.#all.filter(({ since }) => since >= expired), invitation];
  }

  async take(digest: string): Promise<Invitation | undefined> {
    if (this.#taken.has(digest)) return undefined;
    const taken = this.#all.find((one) => one.digest === digest);
    if (taken !== undefined) this.#taken.add(digest);
    return taken;
  }

  async giveBack(digest: string): Promise<void> {
    this.#taken.delete(digest);
  }

  async remove(digest: string): Promise<RemovedInvitation | undefined> {
    const invitation = this.#all.find((one) => one.digest === digest);
    const wasTaken = this.#taken.delete(digest);
    this.#all = this.#all.filter((one) => one !== invitation);
    return invitation && { invitation, wasTaken };
  }
}
