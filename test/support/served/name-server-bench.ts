import assert from 'node:assert/strict';
import {
  Opcode,
  RrClass,
  rcodeText,
  typeFromText,
  typeText,
} from '../../../src/adapters/dns-wire/constants.ts';
import { type Message, parseMessage } from '../../../src/adapters/dns-wire/message.ts';
import { expandRdata } from '../../../src/adapters/dns-wire/rdata.ts';
import type { ResourceRecord } from '../../../src/adapters/dns-wire/resource-record.ts';
import { NameServer, type Reply } from '../../../src/adapters/name-server/name-server.ts';
import { rdataText } from '../../../src/adapters/name-server/rdata/rdata-text.ts';
import { ServerCookies } from '../../../src/adapters/name-server/server-cookies.ts';
import type { ServedZone } from '../../../src/application/manage/settings.ts';
import { domainName } from '../../../src/domain/domain-name.ts';
import { ttl } from '../../../src/domain/ttl.ts';
import { ManualClock } from '../../fakes/manual-clock.ts';
import { MemoryZoneStore } from '../../fakes/memory-zone-store.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';
import { type MessageWithOpt, writeWithOpt } from '../write-with-opt.ts';

export type Transport = 'udp' | 'tcp';

/** A name server without sockets, and all around it. */
export class NameServerBench {
  readonly clock = new ManualClock();
  readonly logger = new RecordingLogger();
  readonly store: MemoryZoneStore;
  readonly server: NameServer;

  /** Master files by the names of their zones, and what is allowed in these. */
  constructor(
    files: Readonly<Record<string, string>>,
    rights: Readonly<Record<string, Partial<ServedZone>>> = {},
  ) {
    this.store = new MemoryZoneStore(files);
    const served = Object.keys(files).map((name) => servedZone(name, rights[name]));
    const cookies = new ServerCookies(Buffer.alloc(16, 9));
    this.server = new NameServer(this.store, served, cookies, this.clock, this.logger);
  }

  /** Seconds since 1970. */
  get time(): number {
    return this.clock.now() / 1000;
  }

  handle(octets: Buffer, transport: Transport = 'tcp', address = '192.0.2.1'): Reply {
    return this.server.handle(octets, { transport, address });
  }

  /** The one message that comes back. */
  async send(octets: Buffer, transport: Transport = 'tcp', address = '192.0.2.1'): Promise<Buffer> {
    const reply = await this.handle(octets, transport, address);
    assert.ok(Buffer.isBuffer(reply), 'one message comes back');
    return reply;
  }

  /** Asks `www.example.org A`, and gives what {@link answerText} says of the answer. */
  async ask(question: string, transport: Transport = 'tcp'): Promise<string> {
    return answerText(parseMessage(await this.send(query(question), transport)));
  }

  /** The messages of a transfer. */
  async transfer(octets: Buffer, address = '192.0.2.1'): Promise<readonly Buffer[]> {
    const reply = await this.handle(octets, 'tcp', address);
    assert.ok(reply !== undefined && !Buffer.isBuffer(reply), 'many messages come back');
    return [...reply];
  }
}

/** The settings of a zone in which nobody may do anything, but for `rights`. */
export function servedZone(name: string, rights: Partial<ServedZone> = {}): ServedZone {
  return {
    name: domainName(name),
    servers: [{ name: domainName(`ns1.${name}`), addresses: [] }],
    hostmaster: `hostmaster.${name}`,
    ttl: ttl(300),
    negativeTtl: ttl(60),
    updates: [],
    transfer: [],
    notify: [],
    ...rights,
  };
}

/** The octets of a question like `www.example.org A` or `version.bind TXT CH`. The root is `.`. */
export function query(question: string, parts: Partial<MessageWithOpt> = {}): Buffer {
  const [name = '', type = '', rrClass = 'IN'] = question.split(' ');
  const number = typeFromText(type);
  assert.ok(number !== undefined, `${type} is a type`);
  return writeWithOpt({
    id: 0x1234,
    opcode: Opcode.QUERY,
    question: {
      name: name === '.' ? '' : name,
      type: number,
      class: RrClass[rrClass as keyof typeof RrClass],
    },
    ...parts,
  });
}

/** OPT as most clients send it. */
export const EDNS = { udpPayloadSize: 1232, version: 0, dnssecOk: false, options: [] };

/** The first line: RCODE and flags. Then every record with its section: `answer www.example.org 60 A 192.0.2.1`. */
export function answerText(message: Message): string {
  const flags = (['aa', 'tc', 'rd', 'ra', 'ad', 'cd'] as const).filter((flag) => message[flag]);
  const section = (title: string, records: readonly ResourceRecord[]) =>
    records.map((record) => `${title} ${recordText(message, record)}`);
  return [
    [rcodeText(message.rcode), ...flags].join(' '),
    ...section('answer', message.answers),
    ...section('authority', message.authorities),
    ...section('additional', message.additionals),
  ].join('\n');
}

/** `www.example.org 60 A 192.0.2.1`; the owner in its own case, the root as a dot. */
export function recordText(message: Message, record: ResourceRecord): string {
  const rdata = rdataText(record.type, expandRdata(message, record), '');
  return `${record.name === '' ? '.' : record.name} ${record.ttl} ${typeText(record.type)} ${rdata}`;
}

/** Text that a test lays out over some lines, without what is there for the eye. */
export const lines = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');

/** All records of a transfer, in the order of the wire. */
export function transferred(messages: readonly Buffer[]): readonly string[] {
  return messages
    .map(parseMessage)
    .flatMap((message) => message.answers.map((one) => recordText(message, one)));
}
