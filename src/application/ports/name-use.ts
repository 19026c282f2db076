import type { DomainName } from '../../domain/domain-name.ts';

/** Tells whether the DNS has anything at a name. */
export interface NameUse {
  /**
   * Asks the primary of `zone` whether anything stands at `name` or below it (RFC 8020). A name that a wildcard answers
   * for, an alias and a delegation count as used. Resolves to undefined where the primary gives no answer that counts.
   * Ends within half a minute, and never rejects for what a primary does.
   */
  isUsed(zone: DomainName, name: DomainName): Promise<boolean | undefined>;
}
