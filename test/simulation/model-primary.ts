import { Opcode, Rcode, RrClass, RrType } from '../../src/adapters/dns-wire/constants.ts';
import type { Message } from '../../src/adapters/dns-wire/message.ts';
import { encodeName } from '../../src/adapters/dns-wire/name.ts';
import { recordValueIn } from '../../src/adapters/dns-wire/record-value.ts';
import type { ResourceRecord } from '../../src/adapters/dns-wire/resource-record.ts';
import type { OutgoingMessage, OutgoingRecord } from '../../src/adapters/dns-wire/write-message.ts';
import { closestZone, type DomainName, domainName, parentOf } from '../../src/domain/domain-name.ts';
import { soaRecord, answerTo as writeAnswer } from '../support/dns-answers.ts';
import { type ModelRecord, ModelZone } from '../support/model-zone.ts';
import type { World } from './world.ts';

/** The values of each type at a name, as texts, sorted. A type without records is missing. */
export type Held = Readonly<Record<string, readonly string[]>>;

/** The instance that sent a message, and when: it may have been on its way for long. */
export type Sender = { readonly name: string; readonly at: number };

/** One UPDATE that a primary has done. */
export type DoneUpdate = {
  readonly zone: DomainName;
  readonly message: Message;
  readonly from: Sender;
  /** What changed: each name of the message. */
  readonly names: readonly { readonly name: DomainName; readonly before: Held; readonly after: Held }[];
};

/** Who looks at what a primary does. */
export type Watcher = {
  updated(update: DoneUpdate): void;
  /** Somebody else has changed a name. */
  written(name: DomainName, after: Held): void;
};

type Waiting = {
  readonly message: Message;
  readonly from: Sender;
  readonly answer: (octets: Buffer) => void;
};

/** Why a primary misbehaves. */
export type Trouble = 'down' | 'frozen' | 'servfail' | 'refusing';

const TYPE_NAMES: Readonly<Record<number, string>> = {
  [RrType.A]: 'A',
  [RrType.AAAA]: 'AAAA',
  [RrType.TXT]: 'TXT',
  [RrType.CNAME]: 'CNAME',
  [RrType.NS]: 'NS',
  [RrType.MX]: 'MX',
};

/**
 * A primary name server with some zones: does each UPDATE as a whole (RFC 2136 section 3), on the model of the RFC that
 * other tests use, and answers queries with wildcards, aliases and delegations (RFC 1034 section 4.3.2).
 */
export class ModelPrimary {
  readonly name: string;
  readonly zones: readonly DomainName[];
  /** Updates of these names are acknowledged and not made, as a PowerDNS does whose Lua policy forbids them. */
  readonly dropped = new Set<string>();
  readonly troubles = new Set<Trouble>();
  readonly #world: World;
  readonly #watcher: Watcher;
  readonly #zones = new Map<DomainName, ModelZone>();
  readonly #serials = new Map<DomainName, number>();
  /** What came while it was frozen. */
  #waiting: Waiting[] = [];

  constructor(name: string, zones: readonly DomainName[], world: World, watcher: Watcher) {
    this.name = name;
    this.zones = zones;
    this.#world = world;
    this.#watcher = watcher;
    for (const zone of zones) {
      this.#zones.set(zone, new ModelZone(zone, { name: zone, serial: 1, nodes: [] }));
      this.#serials.set(zone, 1);
    }
  }

  get isDown(): boolean {
    return this.troubles.has('down');
  }

  /** A message has come. It may never be answered. */
  receive(message: Message, from: Sender, answer: (octets: Buffer) => void): void {
    if (this.isDown) return;
    if (this.troubles.has('frozen')) this.#waiting.push({ message, from, answer });
    else answer(this.#answer(message, from));
  }

  begin(trouble: Trouble): void {
    this.#world.note(() => `${this.name} is ${trouble}`);
    this.troubles.add(trouble);
    // What waits in a process that ends is lost.
    if (trouble === 'down') this.#waiting = [];
  }

  end(trouble: Trouble): void {
    if (!this.troubles.delete(trouble)) return;
    this.#world.note(() => `${this.name} is not ${trouble} any more`);
    if (trouble !== 'frozen') return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { message, from, answer } of waiting) answer(this.#answer(message, from));
  }

  /** Somebody else changes the zone: what stands at the name of one type is replaced. */
  write(name: DomainName, type: number, rdatas: readonly Buffer[]): void {
    const zone = this.#zoneOf(name);
    if (zone === undefined) throw new Error(`${name} is in no zone of ${this.name}`);
    const nothing = Buffer.alloc(0);
    this.#zones
      .get(zone)
      ?.update(
        [],
        [
          { name, type, class: RrClass.ANY, ttl: 0, rdata: nothing },
          ...rdatas.map((rdata) => ({ name, type, class: RrClass.IN, ttl: 300, rdata })),
        ],
      );
    this.#serials.set(zone, (this.#serials.get(zone) ?? 0) + 1);
    const after = this.held(name);
    this.#world.note(() => `somebody else writes ${name} ${JSON.stringify(after)}`);
    this.#watcher.written(name, after);
  }

  /** Everything at a name. */
  held(name: DomainName): Held {
    const zone = this.#zoneOf(name);
    const held: Record<string, string[]> = {};
    for (const record of (zone === undefined ? undefined : this.#zones.get(zone)?.at(name)) ?? []) {
      const type = TYPE_NAMES[record.type] ?? `TYPE${record.type}`;
      held[type] ??= [];
      held[type].push(textOf(record));
      held[type].sort();
    }
    return held;
  }

  serial(zone: DomainName): number {
    return this.#serials.get(zone) ?? 0;
  }

  #answer(message: Message, from: Sender): Buffer {
    if (this.troubles.has('servfail')) return answerTo(message, { rcode: Rcode.SERVFAIL });
    return message.opcode === Opcode.UPDATE ? this.#update(message, from) : this.#query(message);
  }

  #update(message: Message, from: Sender): Buffer {
    const zoneName = message.questions[0]?.name.toLowerCase() as DomainName;
    const zone = this.#zones.get(zoneName);
    if (zone === undefined) return answerTo(message, { rcode: Rcode.NOTAUTH });
    if (this.troubles.has('refusing')) return answerTo(message, { rcode: Rcode.REFUSED });
    const names = [...new Set(message.authorities.map(({ name }) => domainName(name)))];
    const before = names.map((name) => this.held(name));
    const kept = message.authorities.filter(({ name }) => !this.dropped.has(name.toLowerCase()));
    const rcode = zone.update(message.answers, kept);
    this.#world.note(() => `${this.name} gets from ${from.name}: ${wordsOf(message)} -> ${rcode}`);
    if (rcode === Rcode.NOERROR && names.length > 0) {
      this.#serials.set(zoneName, this.serial(zoneName) + 1);
      this.#watcher.updated({
        ...{ zone: zoneName, message, from },
        names: names.map((name, index) => ({ name, before: before[index] ?? {}, after: this.held(name) })),
      });
    }
    return answerTo(message, { rcode });
  }

  #query(message: Message): Buffer {
    const [question] = message.questions;
    if (question === undefined) return answerTo(message, { rcode: Rcode.FORMERR });
    const name = question.name.toLowerCase() as DomainName;
    const zoneName = this.#zoneOf(name);
    const zone = zoneName && this.#zones.get(zoneName);
    if (zoneName === undefined || zone === undefined) {
      return answerTo(message, { rcode: Rcode.REFUSED, aa: false });
    }
    const soa = this.#soa(zoneName);
    if (name === zoneName && question.type === RrType.SOA) return answerTo(message, { answers: [soa] });
    for (let at = name; at !== zoneName; at = parentOf(at)) {
      const servers = zone.at(at, RrType.NS);
      if (servers.length > 0) {
        return answerTo(message, { aa: false, authorities: servers.map((one) => outgoing(one, at)) });
      }
    }
    const found = recordsFor(zone, name);
    if (found === undefined) return answerTo(message, { rcode: Rcode.NXDOMAIN, authorities: [soa] });
    const alias = found.filter(({ type }) => type === RrType.CNAME);
    const records = alias.length > 0 ? alias : found.filter(({ type }) => type === question.type);
    const parts: Partial<OutgoingMessage> =
      records.length > 0 ? { answers: records.map((one) => outgoing(one, name)) } : { authorities: [soa] };
    return answerTo(message, parts);
  }

  #soa(zone: DomainName): OutgoingRecord {
    const soa = soaRecord(zone);
    soa.rdata.writeUInt32BE(this.serial(zone), soa.rdata.length - 20);
    return soa;
  }

  #zoneOf(name: DomainName): DomainName | undefined {
    return closestZone(name, this.zones);
  }
}

/** The records that answer for a name: its own, or those of the wildcard. Undefined: there is no such name. */
function recordsFor(zone: ModelZone, name: DomainName): readonly ModelRecord[] | undefined {
  const own = zone.at(name);
  if (own.length > 0 || zone.exists(name)) return own;
  let encloser = parentOf(name);
  while (!zone.exists(encloser)) encloser = parentOf(encloser);
  const wildcard = zone.at(`*.${encloser}`);
  return wildcard.length > 0 ? wildcard : undefined;
}

const outgoing = ({ type, ttl, rdata }: ModelRecord, name: string): OutgoingRecord => ({
  name,
  type,
  class: RrClass.IN,
  ttl,
  rdata: octetsOf(rdata),
});

const octetsOf = (rdata: string): Buffer => Buffer.from(rdata.split(' ').map(Number));

/** The value of a record as people write it; of other types, its octets. */
function textOf({ type, rdata }: ModelRecord): string {
  const known = TYPE_NAMES[type];
  if (known !== 'A' && known !== 'AAAA' && known !== 'TXT') return rdata;
  return recordValueIn(known, octetsOf(rdata))?.text ?? rdata;
}

export const aliasData = (target: string): Buffer => encodeName(target);

const ANSWERS = new Map<string, Buffer>();

/** The octets of an answer. Most answers say what one before them said, and are a copy of it with another id. */
function answerTo(request: Message, parts: Partial<OutgoingMessage> = {}): Buffer {
  const [question] = request.questions;
  const { rcode = 0, aa = true, answers = [], authorities = [] } = parts;
  const records = [...answers, ...authorities].map(
    ({ name, type, ttl, rdata }) => `${name} ${type} ${ttl} ${rdata.toString('latin1')}`,
  );
  const key = `${request.opcode} ${question?.name} ${question?.type} ${rcode} ${aa} ${records}`;
  const octets = Buffer.from(ANSWERS.get(key) ?? writeAnswer(request, parts));
  if (!ANSWERS.has(key)) ANSWERS.set(key, octets);
  const copy = Buffer.from(octets);
  copy.writeUInt16BE(request.id, 0);
  return copy;
}

/** An UPDATE in one line: what it needs, and what it does. */
function wordsOf({ answers, authorities }: Message): string {
  const words = (record: ResourceRecord) => {
    const type = TYPE_NAMES[record.type] ?? String(record.type);
    const known = type === 'A' || type === 'AAAA' || type === 'TXT' ? type : undefined;
    const value = record.rdata.length === 0 ? '' : known && recordValueIn(known, record.rdata)?.text;
    const sign = { [RrClass.NONE]: '-', [RrClass.ANY]: '--', [RrClass.IN]: '+' }[record.class] ?? '?';
    return `${sign}${record.name} ${type} ${value ?? ''}`.trim();
  };
  return `if [${answers.map(words).join(', ')}] then [${authorities.map(words).join(', ')}]`;
}
