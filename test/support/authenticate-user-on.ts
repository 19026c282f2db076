import { KeyedCredentialMemory } from '../../src/adapters/system/keyed-credential-memory.ts';
import { AuthenticateUser } from '../../src/application/login/authenticate-user.ts';
import { MemoryLoginLimits } from '../../src/application/login/memory-login-limits.ts';
import { VerifyPassword } from '../../src/application/login/verify-password.ts';
import type { Clock } from '../../src/application/ports/clock.ts';
import type { CredentialMemory } from '../../src/application/ports/credential-memory.ts';
import type { Events } from '../../src/application/ports/events.ts';
import { type Logger, noLogger } from '../../src/application/ports/logger.ts';
import type { LoginLimits } from '../../src/application/ports/login-limits.ts';
import type { PasswordHasher } from '../../src/application/ports/password-hasher.ts';
import type { TokenMint } from '../../src/application/ports/token-mint.ts';
import type { UserStore } from '../../src/application/ports/user-store.ts';
import { FairQueue } from '../../src/application/turns/fair-queue.ts';
import type { IpAddress } from '../../src/domain/ip-address.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { noEvents } from './events.ts';

/** Where logins of tests come from. */
export const HERE: IpAddress = { family: 'ipv4', text: '198.51.100.7' };

/** Remembers nothing: each login needs the slow hash. */
const noCredentialMemory: CredentialMemory = { knows: () => false, learn() {}, forget() {} };

/** The limits of the program, which count from nothing. */
export const loginLimits = (
  clock: Clock = new ManualClock(),
  logger: Logger = noLogger,
  events: Events = noEvents,
): LoginLimits => new MemoryLoginLimits(clock, logger, new KeyedCredentialMemory(clock), events);

/** The use case with room for all, that remembers no right password unless it is given a memory. */
export function authenticateUserOn(parts: {
  readonly users: UserStore;
  readonly passwords: PasswordHasher;
  readonly mint: TokenMint;
  readonly memory?: CredentialMemory;
  readonly clock?: Clock;
  readonly queue?: FairQueue;
  readonly events?: Events;
  readonly limits?: LoginLimits;
}): AuthenticateUser {
  const queue = parts.queue ?? new FairQueue({ running: 4, waiting: 1_000, waitingOfOne: 1_000 });
  const limits = parts.limits ?? loginLimits(parts.clock);
  const memory = parts.memory ?? noCredentialMemory;
  const verifyPassword = new VerifyPassword(parts.passwords, memory, queue, limits);
  const { events = noEvents, clock = new ManualClock() } = parts;
  return new AuthenticateUser(parts.users, parts.mint, verifyPassword, limits, { events, clock });
}
