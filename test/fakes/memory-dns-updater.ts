import { DnsFault, type DnsFaultCode } from '../../src/application/ports/dns-fault.ts';
import type { ChangeResult, DnsResult, DnsUpdater } from '../../src/application/ports/dns-updater.ts';
import { closestZone, type DomainName, domainName, parentOf } from '../../src/domain/domain-name.ts';
import { type IpAddress, parseIpAddress } from '../../src/domain/ip-address.ts';
import {
  type AddressType,
  changesNothing,
  haveSameAddresses,
  type NameChange,
  type RecordSet,
} from '../../src/domain/record-set.ts';
import { ttl } from '../../src/domain/ttl.ts';
import { addressTypeOf } from '../support/address-type.ts';

/** One call of `apply`, as it came. */
export type AppliedChanges = { readonly zone: DomainName; readonly changes: readonly NameChange[] };

/** Where a call stands still until the test lets it go on. */
export type Pause = {
  /** Resolves when a call has come here. */
  readonly reached: Promise<void>;
  resume(): void;
};

type Operation = 'findZone' | 'lookUp' | 'apply';

type PausedCall = { readonly operation: Operation; reach(): void; readonly resumed: Promise<void> };

/**
 * The primary of some zones, in memory: replaces whole RRsets, checks what they replace, knows aliases,
 * delegations and wildcards. It ends calls at once, unless a test paused them, and so has no use for a deadline.
 */
export class MemoryDnsUpdater implements DnsUpdater {
  /** Every call of `apply`, in order: what was sent, also in vain. */
  readonly applied: AppliedChanges[] = [];
  /** How often each name was looked up. */
  readonly lookUps = new Map<DomainName, number>();

  readonly #zones: readonly DomainName[];
  readonly #records = new Map<DomainName, Map<AddressType, RecordSet>>();
  readonly #aliases = new Set<DomainName>();
  readonly #delegations = new Set<DomainName>();
  readonly #faults = new Map<string, DnsFault>();
  #pauses: readonly PausedCall[] = [];

  constructor(...zones: readonly string[]) {
    this.#zones = zones.map(domainName);
  }

  /** Somebody else sets the addresses of a name, of all the families given; none takes the name away. */
  put(name: string, ...addresses: readonly string[]): void {
    const owner = domainName(name);
    const parsed = addresses.map((text) => {
      const address = parseIpAddress(text);
      if (!address.ok) throw new TypeError(`"${text}": ${address.reason}`);
      return address.value;
    });
    this.#records.delete(owner);
    for (const { family } of parsed) {
      const ofFamily = parsed.filter((address) => address.family === family);
      this.#store(owner, { type: addressTypeOf(family), ttl: ttl(60), addresses: ofFamily });
    }
  }

  /** Makes the name a CNAME. */
  putAlias(name: string): void {
    this.#aliases.add(domainName(name));
  }

  /** Delegates the name, and all below it, to another primary. */
  putDelegation(name: string): void {
    this.#delegations.add(domainName(name));
  }

  /** The addresses that the name holds itself, those of A first. */
  addressesOf(name: string): readonly string[] {
    return this.recordSetsOf(name).flatMap(({ addresses }) => addresses.map(({ text }) => text));
  }

  /** The RRsets that the name holds itself, A first. */
  recordSetsOf(name: string): readonly RecordSet[] {
    const sets = [...(this.#records.get(domainName(name))?.values() ?? [])];
    return sets.sort((one, other) => (one.type < other.type ? -1 : 1));
  }

  /** From now on `operation` fails for this name. */
  fail(operation: Operation, name: string, code: DnsFaultCode): void {
    this.#faults.set(`${operation} ${domainName(name)}`, new DnsFault(code, `told to fail for ${name}`));
  }

  /** Ends what {@link fail} began, for every name. */
  recover(): void {
    this.#faults.clear();
  }

  /** The next call of `operation` that is not paused yet waits, before it looks at anything. */
  pauseNext(operation: Operation): Pause {
    let reach = () => {};
    let resume = () => {};
    const reached = new Promise<void>((resolve) => {
      reach = resolve;
    });
    const resumed = new Promise<void>((resolve) => {
      resume = resolve;
    });
    this.#pauses = [...this.#pauses, { operation, reach, resumed }];
    return { reached, resume };
  }

  async findZone(name: DomainName): Promise<DnsResult<DomainName>> {
    await this.#mayPause('findZone');
    const fault = this.#faults.get(`findZone ${name}`);
    if (fault !== undefined) return { ok: false, fault };
    const zone = closestZone(name, this.#zones);
    return zone === undefined ? failed('DNS_NO_ZONE', name) : { ok: true, value: zone };
  }

  async lookUp(name: DomainName, types: readonly AddressType[]): Promise<DnsResult<readonly RecordSet[]>> {
    this.lookUps.set(name, (this.lookUps.get(name) ?? 0) + 1);
    await this.#mayPause('lookUp');
    const fault = this.#faults.get(`lookUp ${name}`);
    if (fault !== undefined) return { ok: false, fault };
    if (closestZone(name, this.#zones) === undefined) return failed('DNS_NO_ZONE', name);
    if (this.#aliases.has(name)) return failed('DNS_CNAME', name);
    if ([...selfAndAncestors(name)].some((encloser) => this.#delegations.has(encloser))) {
      return failed('DNS_DELEGATED', name);
    }
    const shown = this.#records.get(this.#answeringName(name)) ?? new Map<AddressType, RecordSet>();
    return { ok: true, value: [...shown.values()].filter(({ type }) => types.includes(type)) };
  }

  async apply(zone: DomainName, changes: readonly NameChange[]): Promise<readonly ChangeResult[]> {
    this.applied.push({ zone, changes });
    await this.#mayPause('apply');
    return changes.map((change) => this.#applyOne(zone, change));
  }

  #applyOne(zone: DomainName, change: NameChange): ChangeResult {
    const { name, recordSets } = change;
    const fault = this.#faults.get(`apply ${name}`);
    if (fault !== undefined) return { ok: false, fault };
    if (!this.#zones.includes(zone)) return failed('DNS_NO_ZONE', zone);
    if (closestZone(name, this.#zones) !== zone) return failed('DNS_NOT_ZONE', name);
    if (this.#aliases.has(name) && recordSets.some(({ addresses }) => addresses.length > 0)) {
      return failed('DNS_CNAME', name);
    }
    // Prerequisites look at the records themselves, never at a wildcard (RFC 2136 section 3.2).
    const stored = (type: AddressType): readonly IpAddress[] =>
      this.#records.get(name)?.get(type)?.addresses ?? [];
    const holds = recordSets.every(
      ({ type, replaces }) => replaces === undefined || haveSameAddresses(stored(type), replaces),
    );
    if (!holds) return failed('DNS_CONFLICT', name);
    if (changesNothing(change)) return { ok: true, value: undefined };
    for (const { type, ttl, addresses } of recordSets) this.#store(name, { type, ttl, addresses });
    return { ok: true, value: undefined };
  }

  #store(name: DomainName, set: RecordSet): void {
    const sets = this.#records.get(name) ?? new Map<AddressType, RecordSet>();
    if (set.addresses.length === 0) sets.delete(set.type);
    else sets.set(set.type, set);
    if (sets.size === 0) this.#records.delete(name);
    else this.#records.set(name, sets);
  }

  /** The name whose records answer for `name`: itself, or the wildcard below its closest encloser (RFC 4592). */
  #answeringName(name: DomainName): DomainName {
    for (const encloser of selfAndAncestors(name)) {
      if (this.#exists(encloser)) return encloser === name ? name : domainName(`*.${encloser}`);
    }
    return name;
  }

  #exists(name: DomainName): boolean {
    return [...this.#records.keys(), ...this.#zones].some(
      (owner) => owner === name || owner.endsWith(`.${name}`),
    );
  }

  async #mayPause(operation: Operation): Promise<void> {
    const pause = this.#pauses.find((candidate) => candidate.operation === operation);
    if (pause === undefined) return;
    this.#pauses = this.#pauses.filter((other) => other !== pause);
    pause.reach();
    await pause.resumed;
  }
}

const failed = (code: DnsFaultCode, name: DomainName) =>
  ({ ok: false, fault: new DnsFault(code, `${name}: ${code}`) }) as const;

/** The name and all names above it, the longest first; the root is left out. */
function* selfAndAncestors(name: DomainName): Generator<DomainName> {
  for (let at = name; at !== ''; at = parentOf(at)) yield at;
}
