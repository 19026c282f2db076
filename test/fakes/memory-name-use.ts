import type { NameUse } from '../../src/application/ports/name-use.ts';
import type { DomainName } from '../../src/domain/domain-name.ts';

/** Knows the names that a test puts here. */
export class MemoryNameUse implements NameUse {
  /** Names that something stands at or below. */
  readonly used = new Set<string>();
  /** Whether the primary answers. */
  answers = true;

  async isUsed(_zone: DomainName, name: DomainName): Promise<boolean | undefined> {
    return this.answers ? this.used.has(name) : undefined;
  }
}
