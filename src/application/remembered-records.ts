import type { DomainName } from '../domain/domain-name.ts';
import type { IpAddress } from '../domain/ip-address.ts';
import type { AddressType } from '../domain/record-set.ts';
import type { Present } from './plan-change.ts';
import type { Clock } from './ports/clock.ts';

const MINUTE = 60_000;
/** Like what is known of zones: by then a name may have come to lie below a delegation, which hides it. */
const REMEMBER = 60 * MINUTE;
/** After it was wrong once. Somebody else is at work there, and each error costs more than many questions. */
const DOUBT = MINUTE;
/** RRsets of one type at most; then the one that was heard of longest ago goes. About 250 octets each. */
const MAX_REMEMBERED = 100_000;

type Heard = { readonly addresses: readonly IpAddress[]; readonly until: number };

/**
 * What the primary held of names when it last told. It may be out of date, and so serves for changes alone that
 * are conditional on it: never to say that nothing has to be changed.
 */
export class RememberedRecords {
  readonly #clock: Clock;
  /** What was heard of longest ago comes first. */
  readonly #heard: Readonly<Record<AddressType, Map<DomainName, Heard>>> = { A: new Map(), AAAA: new Map() };
  #doubtedUntil = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Undefined where one of the types is not known. */
  find(name: DomainName, types: readonly AddressType[]): Present | undefined {
    const now = this.#clock.monotonic();
    if (now < this.#doubtedUntil) return undefined;
    const present = new Map<AddressType, readonly IpAddress[]>();
    for (const type of types) {
      const heard = this.#heard[type].get(name);
      if (heard === undefined || now >= heard.until) return undefined;
      present.set(type, heard.addresses);
    }
    return present;
  }

  /** The primary has told what it holds now; none is that there is no such RRset. */
  learn(name: DomainName, type: AddressType, addresses: readonly IpAddress[]): void {
    const ofType = this.#heard[type];
    ofType.delete(name);
    ofType.set(name, { addresses, until: this.#clock.monotonic() + REMEMBER });
    const [oldest] = ofType.keys();
    if (ofType.size > MAX_REMEMBERED && oldest !== undefined) ofType.delete(oldest);
  }

  /** What became of a change of the name is not known. */
  forget(name: DomainName): void {
    for (const ofType of Object.values(this.#heard)) ofType.delete(name);
  }

  /** Something that was remembered has turned out to be wrong: nothing is believed for a while. */
  doubt(): void {
    this.#doubtedUntil = this.#clock.monotonic() + DOUBT;
  }
}
