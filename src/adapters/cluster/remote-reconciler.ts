import type { Clock, Deadline } from '../../application/ports/clock.ts';
import { DnsFault } from '../../application/ports/dns-fault.ts';
import type { WantedName } from '../../application/update/plan-change.ts';
import type { ReconcileRecords, Reconciliation } from '../../application/update/reconcile-records.ts';
import type { ToFirstProcess } from './messages.ts';

/** Milliseconds after the deadline in which the first process may still say what became of it. */
const GRACE = 500;

type Request = {
  readonly wanted: readonly WantedName[];
  resolve(results: readonly Reconciliation[]): void;
  reject(error: Error): void;
  /** Stops the clock that runs for it. */
  callOff(): void;
};

/**
 * ReconcileRecords as a worker has it: the one of the first process, where the names have their turns and
 * changes of all workers travel together.
 */
export class RemoteReconciler implements Pick<ReconcileRecords, 'execute'> {
  readonly #send: (message: ToFirstProcess) => void;
  readonly #clock: Clock;
  readonly #underWay = new Map<number, Request>();
  #lastId = 0;
  #lost = false;

  constructor(send: (message: ToFirstProcess) => void, clock: Clock) {
    this.#send = send;
    this.#clock = clock;
  }

  execute(wanted: readonly WantedName[], deadline: Deadline): Promise<readonly Reconciliation[]> {
    if (this.#lost) return Promise.resolve(wanted.map(stopped));
    this.#lastId += 1;
    const id = this.#lastId;
    const left = Math.max(0, deadline - this.#clock.monotonic());
    return new Promise((resolve, reject) => {
      const callOff = this.#clock.schedule(left + GRACE, () =>
        this.#take(id)?.resolve(wanted.map(unanswered)),
      );
      this.#underWay.set(id, { wanted, resolve, reject, callOff });
      this.#send({ kind: 'reconcile', id, wanted: [...wanted], left });
    });
  }

  /** The first process has answered. An answer that comes too late finds nobody. */
  answered(id: number, results: readonly Reconciliation[]): void {
    const request = this.#take(id);
    // Fewer or more would put names and outcomes together wrongly.
    if (request?.wanted.length === results.length) request.resolve(results);
    else request?.reject(new Error('the first process answered for other names than it was asked'));
  }

  /** The first process stumbled over a mistake in the program. */
  broken(id: number): void {
    this.#take(id)?.reject(new Error('the first process could not do it; its log says why'));
  }

  /** The first process is gone, and with it whoever could say what became of anything. */
  lost(): void {
    this.#lost = true;
    for (const id of [...this.#underWay.keys()]) {
      const request = this.#take(id);
      request?.resolve(request.wanted.map(stopped));
    }
  }

  #take(id: number): Request | undefined {
    const request = this.#underWay.get(id);
    this.#underWay.delete(id);
    request?.callOff();
    return request;
  }
}

function stopped({ name }: WantedName): Reconciliation {
  const text = `could not confirm ${name}: the process that speaks with the name servers has ended`;
  return { kind: 'failed', fault: new DnsFault('DNS_STOPPED', text) };
}

function unanswered({ name }: WantedName): Reconciliation {
  const text = `could not confirm ${name}: the process that speaks with the name servers does not answer`;
  return { kind: 'failed', fault: new DnsFault('DNS_TIMEOUT', text) };
}
