import type { DomainName } from '../../domain/domain-name.ts';
import type { HostStore } from '../ports/host-store.ts';
import type { UserStore } from '../ports/user-store.ts';

/** How often a name is to be reported. Milliseconds. */
export type Expectation = {
  /** After so long without a report it is silent. */
  readonly expect: number;
  /** After so long its addresses are taken off the DNS. Undefined: never. */
  readonly offlineAfter: number | undefined;
};

/** Finds the names that are expected to be reported. */
export class ExpectedNames {
  readonly #users: Pick<UserStore, 'listExpected'>;
  readonly #hosts: Pick<HostStore, 'listExpected'>;

  constructor(users: Pick<UserStore, 'listExpected'>, hosts: Pick<HostStore, 'listExpected'>) {
    this.#users = users;
    this.#hosts = hosts;
  }

  /**
   * What is set for the name itself counts before what is set for its users. Of two users, the one who expects it more
   * often counts.
   */
  async find(): Promise<ReadonlyMap<DomainName, Expectation>> {
    const names = new Map<DomainName, Expectation>();
    for await (const { domains, ...set } of this.#users.listExpected()) {
      for (const domain of domains) {
        const expectation = expectationOf(set);
        const known = names.get(domain)?.expect ?? Number.POSITIVE_INFINITY;
        if (expectation !== undefined && expectation.expect < known) names.set(domain, expectation);
      }
    }
    for await (const { name, ...set } of this.#hosts.listExpected()) {
      const { expect = names.get(name)?.expect, offlineAfter = names.get(name)?.offlineAfter } = set;
      const expectation = expectationOf({ expect, offlineAfter });
      if (expectation !== undefined) names.set(name, expectation);
    }
    return names;
  }
}

/** Without `expect`, a name becomes silent when it is to be taken off. */
function expectationOf(set: {
  readonly expect?: number | undefined;
  readonly offlineAfter?: number | undefined;
}): Expectation | undefined {
  const { offlineAfter, expect = offlineAfter } = set;
  return expect === undefined ? undefined : { expect, offlineAfter };
}
