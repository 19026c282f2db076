import type { LoginLimits } from '../../application/login/login-limiter.ts';
import type { IpAddress } from '../../domain/ip-address.ts';
import { siteOf } from '../../domain/network.ts';
import type { ToFirstProcess } from './messages.ts';
import type { Pauses } from './pauses.ts';

/** The LoginLimiter as a worker has it: the first process counts the failures of all and tells of each pause. */
export class RemoteLoginLimits implements LoginLimits {
  readonly #send: (message: ToFirstProcess) => void;
  readonly #pauses: Pauses;

  constructor(send: (message: ToFirstProcess) => void, pauses: Pauses) {
    this.#send = send;
    this.#pauses = pauses;
  }

  pauseOf(address: IpAddress): number | undefined {
    return this.#pauses.leftOf(siteOf(address));
  }

  /** The pause that this may bring is not known yet. */
  failed(address: IpAddress): undefined {
    this.#send({ kind: 'login-failed', address });
  }
}
