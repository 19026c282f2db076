import type { Clock } from '../../src/application/ports/clock.ts';
import type { CredentialMemory } from '../../src/application/ports/credential-memory.ts';
import type { DnsUpdater } from '../../src/application/ports/dns-updater.ts';
import type { LoginLimits } from '../../src/application/ports/login-limits.ts';
import type { UserStore } from '../../src/application/ports/user-store.ts';
import type { Principal } from '../../src/domain/principal.ts';

/** What is wrong with the instances of a run: each part is put around, or in place of, a part of the program. */
export type Defect = {
  /** Around the updater that the use cases have. */
  readonly dns?: (inner: DnsUpdater, clock: Clock) => DnsUpdater;
  /** Around the adapter. */
  readonly sending?: (inner: DnsUpdater, clock: Clock) => DnsUpdater;
  readonly takeOffDns?: (inner: DnsUpdater) => DnsUpdater;
  readonly challengeDns?: (inner: DnsUpdater) => DnsUpdater;
  /** The clock of what is remembered. */
  readonly memoryClock?: (clock: Clock) => Clock;
  readonly users?: (inner: UserStore, clock: Clock) => UserStore;
  readonly limits?: (inner: LoginLimits) => LoginLimits;
  readonly credentials?: (inner: CredentialMemory) => CredentialMemory;
  readonly principal?: (principal: Principal) => Principal;
  /** No acknowledgement is confirmed. */
  readonly believesPrimaries?: true;
};

export const NO_DEFECT: Defect = {};
