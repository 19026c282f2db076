import type { CredentialMemory } from '../../src/application/ports/credential-memory.ts';

/** Keeps the passwords themselves, for ever. */
export class PlainCredentialMemory implements CredentialMemory {
  readonly #learnt = new Map<string, Set<string>>();

  knows(passwordHash: string, password: string): boolean {
    return this.#learnt.get(passwordHash)?.has(password) ?? false;
  }

  learn(passwordHash: string, password: string): void {
    this.#learnt.set(passwordHash, (this.#learnt.get(passwordHash) ?? new Set()).add(password));
  }

  forget(passwordHash: string, password: string): void {
    this.#learnt.get(passwordHash)?.delete(password);
  }
}
