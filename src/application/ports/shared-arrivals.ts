import type { Challenged, LoginFailed, Reported } from '../../domain/event.ts';
import type { UserName } from '../../domain/user.ts';

/** Something that came from a device or a program that somebody is setting up. */
export type Arrival = Reported | Challenged | LoginFailed;

/** Brings what comes to one process to another one, where somebody sets something up. Faults are logged. */
export interface SharedArrivals {
  /** For the next hour, other processes tell this one what comes for the user. */
  expect(user: UserName): void;

  /** True when another process wants to be told what comes for the user. Takes no time. */
  isExpectedElsewhere(user: UserName): boolean;

  /** Tells other processes. Returns at once. */
  tell(arrival: Arrival): void;

  /** Calls `arrived` for what has come to other processes, soon afterwards. */
  onArrival(arrived: (arrival: Arrival) => void): void;
}

/** There is one process. */
export const noSharedArrivals: SharedArrivals = {
  expect() {},
  isExpectedElsewhere: () => false,
  tell() {},
  onArrival() {},
};
