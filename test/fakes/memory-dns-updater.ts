import { DnsFault, type DnsFaultCode } from '../../src/application/ports/dns-fault.ts';
import type {
  ChangeResult,
  DnsResult,
  DnsUpdater,
  FoundRecords,
  LookUp,
} from '../../src/application/ports/dns-updater.ts';
import { closestZone, type DomainName, domainName, parentOf } from '../../src/domain/domain-name.ts';
import { parseIpAddress } from '../../src/domain/ip-address.ts';
import {
  addsRecords,
  haveSameValues,
  isConditionAlone,
  type NameChange,
  type RecordSet,
  type RecordSetChange,
  type RecordType,
  type RecordValue,
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
 * The primary of some zones, in memory: changes RRsets on their condition, and knows aliases and delegations. It ends calls at once, unless a test paused them, and so has no use for a deadline.
 */
export class MemoryDnsUpdater implements DnsUpdater {
  /** Every call of `apply`, in order: what was sent, also in vain. */
  readonly applied: AppliedChanges[] = [];
  /** How often each name was looked up. */
  readonly lookUps = new Map<DomainName, number>();

  readonly #zones: readonly DomainName[];
  readonly #records = new Map<DomainName, Map<RecordType, RecordSet>>();
  /** Aliases with their targets. */
  readonly #aliases = new Map<DomainName, DomainName>();
  readonly #delegations = new Set<DomainName>();
  readonly #faults = new Map<string, DnsFault>();
  readonly #ignored = new Set<DomainName>();
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
      this.#store(owner, { type: addressTypeOf(family), ttl: ttl(60), values: ofFamily });
    }
  }

  /** Makes the name a CNAME. */
  putAlias(name: string, target = 'elsewhere.example.net'): void {
    this.#aliases.set(domainName(name), domainName(target));
  }

  /** Delegates the name, and all below it, to another primary. */
  putDelegation(name: string): void {
    this.#delegations.add(domainName(name));
  }

  /** The addresses that a query shows, of the name or of the wildcard that answers for it (RFC 4592), sorted. */
  shownAt(name: string): readonly string[] {
    const owner = domainName(name);
    return [...this.addressesOf(this.#answeringName(owner))].sort();
  }

  /** The addresses that the name holds itself, those of A first. */
  addressesOf(name: string): readonly string[] {
    return this.recordSetsOf(name).flatMap(({ values }) => values.map(({ text }) => text));
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

  /** From now on changes of the name are acknowledged and not made. */
  ignoreChangesOf(name: string): void {
    this.#ignored.add(domainName(name));
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

  async lookUp({ name, types }: LookUp): Promise<DnsResult<FoundRecords>> {
    this.lookUps.set(name, (this.lookUps.get(name) ?? 0) + 1);
    await this.#mayPause('lookUp');
    const fault = this.#faults.get(`lookUp ${name}`);
    if (fault !== undefined) return { ok: false, fault };
    if (closestZone(name, this.#zones) === undefined) return failed('DNS_NO_ZONE', name);
    const target = this.#aliases.get(name);
    if (target !== undefined) {
      return { ok: false, fault: new DnsFault('DNS_CNAME', `${name}: DNS_CNAME`, { target }) };
    }
    if ([...selfAndAncestors(name)].some((encloser) => this.#delegations.has(encloser))) {
      return failed('DNS_DELEGATED', name);
    }
    const held = this.#records.get(name);
    const recordSets = types.map((type) => held?.get(type) ?? { type, ttl: ttl(0), values: [] });
    return { ok: true, value: { recordSets, remembered: false } };
  }

  async apply(zone: DomainName, changes: readonly NameChange[]): Promise<readonly ChangeResult[]> {
    this.applied.push({ zone, changes });
    await this.#mayPause('apply');
    return changes.map((change) => this.#applyOne(zone, change));
  }

  #applyOne(zone: DomainName, change: NameChange): ChangeResult {
    const { name, condition, changes } = change;
    const fault = this.#faults.get(`apply ${name}`);
    if (fault !== undefined) return { ok: false, fault };
    if (!this.#zones.includes(zone)) return failed('DNS_NO_ZONE', zone);
    if (closestZone(name, this.#zones) !== zone) return failed('DNS_NOT_ZONE', name);
    const holds = condition.every(({ type, values }) => haveSameValues(this.#valuesAt(name, type), values));
    if (this.#aliases.has(name) && (addsRecords(change) || !holds)) return failed('DNS_CNAME', name);
    if (!holds) return failed('DNS_CONFLICT', name);
    if (isConditionAlone(change) || this.#ignored.has(name)) return { ok: true, value: undefined };
    for (const one of changes) this.#change(name, one);
    return { ok: true, value: undefined };
  }

  #valuesAt(name: DomainName, type: RecordType): readonly RecordValue[] {
    return this.#records.get(name)?.get(type)?.values ?? [];
  }

  #change(name: DomainName, { kind, type, ttl, values }: RecordSetChange): void {
    const texts = values.map(({ text }) => text);
    const others = this.#valuesAt(name, type).filter(({ text }) => !texts.includes(text));
    if (kind === 'replace') this.#store(name, { type, ttl, values });
    else this.#store(name, { type, ttl, values: kind === 'add' ? [...others, ...values] : others });
  }

  #store(name: DomainName, set: RecordSet): void {
    const sets = this.#records.get(name) ?? new Map<RecordType, RecordSet>();
    if (set.values.length === 0) sets.delete(set.type);
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
