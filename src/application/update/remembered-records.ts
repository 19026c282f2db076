import type { DomainName } from '../../domain/domain-name.ts';
import type { IpAddress } from '../../domain/ip-address.ts';
import { type AddressType, haveSameAddresses } from '../../domain/record-set.ts';
import type { Clock } from '../ports/clock.ts';
import type { Present } from './plan-change.ts';

const MINUTE = 60_000;
/** Like what is known of zones: by then a name may have come to lie below a delegation, which hides it. */
const REMEMBER = 60 * MINUTE;
/** After it was wrong once. Somebody else is at work there, and each error costs as much as many questions. */
const DOUBT = 5_000;
/** RRsets of one type at most; then the one that came first goes. About 250 octets each. */
const MAX_REMEMBERED = 100_000;

type Heard = {
  addresses: readonly IpAddress[];
  until: number;
  /** Until then the RRset is known to be the name's own: it is not what a wildcard shows (RFC 4592). */
  ownUntil: number;
};

/**
 * What the primary held of names when it last told. It may be out of date, and so serves for changes alone that
 * are conditional on it: never to say that nothing has to be changed.
 */
export class RememberedRecords {
  readonly #clock: Clock;
  /** In the order in which names came. To keep them in that of their last news would cost more than a question. */
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

  /** True when the name itself holds RRsets of these types, as far as they have any addresses. */
  areOwn(name: DomainName, types: readonly AddressType[]): boolean {
    const now = this.#clock.monotonic();
    return types.every((type) => {
      const heard = this.#heard[type].get(name);
      return heard !== undefined && now < (heard.addresses.length > 0 ? heard.ownUntil : heard.until);
    });
  }

  /**
   * The primary has told what it holds now; none is that there is no such RRset.
   *
   * @param own it has told so of the records of the name itself, and not of what it shows there.
   */
  learn(name: DomainName, type: AddressType, addresses: readonly IpAddress[], own: boolean): void {
    const ofType = this.#heard[type];
    const until = this.#clock.monotonic() + REMEMBER;
    const heard = ofType.get(name);
    if (heard !== undefined) {
      if (own) heard.ownUntil = until;
      else if (!haveSameAddresses(addresses, heard.addresses)) heard.ownUntil = 0;
      heard.addresses = addresses;
      heard.until = until;
      return;
    }
    ofType.set(name, { addresses, until, ownUntil: own ? until : 0 });
    if (ofType.size <= MAX_REMEMBERED) return;
    const [first] = ofType.keys();
    if (first !== undefined) ofType.delete(first);
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
