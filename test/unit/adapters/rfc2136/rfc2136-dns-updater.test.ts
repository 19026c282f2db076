import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Opcode, Rcode, RrClass, RrType } from '../../../../src/adapters/dns-wire/constants.ts';
import type { Message } from '../../../../src/adapters/dns-wire/message.ts';
import { signReply, verifyRequest } from '../../../../src/adapters/dns-wire/tsig-server.ts';
import { PrimaryClient } from '../../../../src/adapters/rfc2136/primary-client.ts';
import { Rfc2136DnsUpdater } from '../../../../src/adapters/rfc2136/rfc2136-dns-updater.ts';
import { ZoneDirectory } from '../../../../src/adapters/rfc2136/zone-directory.ts';
import { DEFAULT_SETTINGS } from '../../../../src/application/manage/settings.ts';
import type { ChangeResult } from '../../../../src/application/ports/dns-updater.ts';
import { noLogger } from '../../../../src/application/ports/logger.ts';
import { type DomainName, domainName } from '../../../../src/domain/domain-name.ts';
import { parseIpAddress } from '../../../../src/domain/ip-address.ts';
import type { NameChange } from '../../../../src/domain/record-set.ts';
import type { TsigKey } from '../../../../src/domain/tsig-key.ts';
import { ttl } from '../../../../src/domain/ttl.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { type Scripted, ScriptedTransport } from '../../../fakes/scripted-transport.ts';
import { replacing } from '../../../support/changes.ts';
import { addressRecord, answerTo, nameRecord, soaRecord } from '../../../support/dns-answers.ts';
import { noEvents } from '../../../support/events.ts';
import { valueIn } from '../../../support/parsed.ts';

const ZONE = domainName('example.test');
const DEADLINE = 10_000;
const KEY: TsigKey = { name: domainName('dyn-key'), algorithm: 'hmac-sha256', secret: Buffer.alloc(32, 7) };

/** The names that an UPDATE is to change. */
const namesIn = ({ authorities }: Message) => [...new Set(authorities.map(({ name }) => name))];

/**
 * A primary that answers a query as `query` says, and an UPDATE with the RCODE that `update` gives for the names
 * in it. To what it `forbids` it says what Knot does: that it does not know the key.
 */
function setUp({
  query = (request: Message): Scripted => answerTo(request, { authorities: [soaRecord(ZONE)] }),
  update = (_names: readonly string[]): number => Rcode.NOERROR,
  forbids = (_names: readonly string[]): boolean => false,
  zones = [ZONE] as readonly DomainName[],
  key = undefined as TsigKey | undefined,
} = {}) {
  const clock = new ManualClock();
  const transport = new ScriptedTransport(clock, (request) => {
    if (request.opcode === Opcode.QUERY) return query(request);
    const time = Math.floor(clock.now() / 1000);
    const names = namesIn(request);
    const verdict = verifyRequest(request, () => (forbids(names) ? undefined : key), time);
    const rcode = verdict.kind === 'unauthenticated' ? Rcode.NOTAUTH : update(names);
    return signReply(answerTo(request, { rcode }), verdict, time);
  });
  const primary = { ...DEFAULT_SETTINGS.dns, tsig: key };
  const client = new PrimaryClient(
    primary,
    () => ({ udp: undefined, stream: transport }),
    clock,
    noLogger,
    noEvents,
  );
  const configured = new Map(zones.map((zone) => [zone, client]));
  const directory = new ZoneDirectory(configured, zones.length === 0 ? client : undefined, clock);
  const updater = new Rfc2136DnsUpdater(directory);
  const updates = () =>
    transport.sent.map(({ message }) => message).filter(({ opcode }) => opcode === Opcode.UPDATE);
  return { clock, updater, updates };
}

const changeOf = (label: string, ...addresses: readonly string[]): NameChange =>
  replacing(domainName(`${label}.example.test`), {
    type: 'A',
    ttl: ttl(60),
    values: addresses.map((text) => valueIn(parseIpAddress(text))),
  });

const codes = (results: readonly ChangeResult[]) =>
  results.map((result) => (result.ok ? 'ok' : result.fault.code));

describe('changes that the primary refuses', () => {
  const labels = Array.from({ length: 100 }, (_, index) => `h${index}`);
  const refusing =
    (rcode: number, ...bad: readonly string[]) =>
    (names: readonly string[]) =>
      bad.some((label) => names.includes(`${label}.example.test`)) ? rcode : Rcode.NOERROR;

  for (const [rcode, code] of [
    [Rcode.REFUSED, 'DNS_REFUSED'],
    [Rcode.NOTZONE, 'DNS_NOT_ZONE'],
    [Rcode.FORMERR, 'DNS_BAD_MESSAGE'],
    [Rcode.YXRRSET, 'DNS_CONFLICT'],
    [Rcode.NXRRSET, 'DNS_CONFLICT'],
  ] as const) {
    it(`with RCODE ${rcode} because of two of a hundred fail alone, and the others are made`, async () => {
      const { updater, updates } = setUp({ update: refusing(rcode, 'h3', 'h77') });
      const results = await updater.apply(
        ZONE,
        labels.map((label) => changeOf(label, '192.0.2.1')),
        DEADLINE,
      );
      assert.deepEqual(
        codes(results),
        labels.map((label) => (label === 'h3' || label === 'h77' ? code : 'ok')),
      );
      // Two paths down the halves, and not a message for each.
      assert.ok(updates().length <= 2 * 2 * 8, `${updates().length} messages`);
    });
  }

  const all = labels.map((label) => changeOf(label, '192.0.2.1'));
  const sizes = (messages: readonly Message[]) => messages.map((message) => namesIn(message).length);

  for (const [rcode, code] of [
    // What Knot says to those without a key.
    [Rcode.NOTAUTH, 'DNS_NOT_AUTHORITATIVE'],
    [Rcode.SERVFAIL, 'DNS_SERVER_FAILURE'],
  ] as const) {
    it(`with RCODE ${rcode}, while it takes an update without changes, fail alone too`, async () => {
      const { clock, updater } = setUp({ update: refusing(rcode, 'h3', 'h77') });
      const results = updater.apply(ZONE, all, DEADLINE);
      await clock.advance(DEADLINE);
      assert.deepEqual(
        codes(await results),
        labels.map((label) => (label === 'h3' || label === 'h77' ? code : 'ok')),
      );
    });
  }

  it('because there are several in a message are made one by one', async () => {
    const { clock, updater } = setUp({ update: ({ length }) => (length > 1 ? Rcode.SERVFAIL : 0) });
    const results = updater.apply(ZONE, all, DEADLINE);
    await clock.advance(DEADLINE);
    assert.deepEqual(new Set(codes(await results)), new Set(['ok']));
  });

  it('as it refuses everything fail together: no other message than one without changes is tried', async () => {
    const { updater, updates } = setUp({ update: () => Rcode.NOTAUTH });
    assert.deepEqual(
      new Set(codes(await updater.apply(ZONE, all, DEADLINE))),
      new Set(['DNS_NOT_AUTHORITATIVE']),
    );
    assert.deepEqual(sizes(updates()), [100, 0]);
  });

  it('as it fails are sent again until it is itself again', async () => {
    let isItself = false;
    const { clock, updater, updates } = setUp({ update: () => (isItself ? 0 : Rcode.SERVFAIL) });
    const results = updater.apply(ZONE, all, DEADLINE);
    await clock.advance(3_000);
    isItself = true;
    await clock.advance(DEADLINE);
    assert.deepEqual(new Set(codes(await results)), new Set(['ok']));
    assert.deepEqual(new Set(sizes(updates())), new Set([100, 0]));
  });
});

describe('a change that the primary refuses because of its prerequisites', () => {
  const refused = (query: (request: Message) => Buffer) => setUp({ query, update: () => Rcode.YXRRSET });
  const faultOf = async ({ updater }: ReturnType<typeof setUp>): Promise<string> =>
    codes(await updater.apply(ZONE, [changeOf('home', '192.0.2.1')], DEADLINE)).join();

  it('met other records than it replaces', async () => {
    assert.equal(
      await faultOf(refused((request) => answerTo(request, { authorities: [soaRecord(ZONE)] }))),
      'DNS_CONFLICT',
    );
  });

  it('met an alias, if there is one', async () => {
    const alias = (request: Message) =>
      answerTo(request, { answers: [nameRecord('HOME.example.test', RrType.CNAME, 'other.test')] });
    assert.equal(await faultOf(refused(alias)), 'DNS_CNAME');
  });

  it('looked where the primary itself does not, if there is a delegation or a zone further down', async () => {
    const delegation = (request: Message) =>
      answerTo(request, { aa: false, authorities: [nameRecord('home.example.test', RrType.NS, 'ns.test')] });
    const apex = (request: Message) => answerTo(request, { answers: [soaRecord('home.example.test')] });
    assert.equal(await faultOf(refused(delegation)), 'DNS_DELEGATED');
    assert.equal(await faultOf(refused(apex)), 'DNS_DELEGATED');
  });

  it('looked into a zone further down on the same server, which shows the records that were to be replaced', async () => {
    const address = addressRecord('home.example.test', '192.0.2.7');
    const { updater } = setUp({
      query: (request) =>
        answerTo(
          request,
          request.questions[0]?.type === RrType.SOA
            ? { authorities: [soaRecord('home.example.test')] }
            : { answers: request.questions[0]?.name === 'home.example.test' ? [address] : [] },
        ),
      update: () => Rcode.NXRRSET,
    });
    const change = changeOf('home', '192.0.2.1');
    const [held] = changeOf('home', '192.0.2.7').changes;
    assert.ok(held);
    const results = await updater.apply(ZONE, [{ ...change, condition: [held] }], DEADLINE);
    assert.deepEqual(codes(results), ['DNS_DELEGATED']);
  });

  it('and that then cannot be asked why, has an outcome that is not known', async () => {
    const { clock, updater } = setUp({
      query: () => ({ kind: 'silent' }) as const,
      update: () => Rcode.NXRRSET,
    });
    const results = updater.apply(ZONE, [changeOf('home', '192.0.2.1')], DEADLINE);
    await clock.advance(DEADLINE);
    assert.deepEqual(codes(await results), ['DNS_TIMEOUT']);
  });
});

describe('a key that the primary rejects', () => {
  const changes = ['a', 'b', 'c', 'd'].map((label) => changeOf(label, '192.0.2.1'));

  it('for one name alone, keeps that name only from being changed', async () => {
    const { updater } = setUp({ key: KEY, forbids: (names) => names.includes('c.example.test') });
    assert.deepEqual(codes(await updater.apply(ZONE, changes, DEADLINE)), [
      'ok',
      'ok',
      'DNS_KEY_REJECTED',
      'ok',
    ]);
  });

  it('for everything, is not tried for each name', async () => {
    const { updater, updates } = setUp({ key: KEY, forbids: () => true });
    assert.deepEqual(
      new Set(codes(await updater.apply(ZONE, changes, DEADLINE))),
      new Set(['DNS_KEY_REJECTED']),
    );
    assert.deepEqual(
      updates().map((update) => namesIn(update).length),
      [4, 0],
    );
  });
});

describe('changes', () => {
  it('that are too many for one message travel in several, at once', async () => {
    const { updater, updates } = setUp();
    const many = Array.from({ length: 1_000 }, (_, index) => changeOf(`host${index}`, '192.0.2.1'));
    const results = await updater.apply(ZONE, many, DEADLINE);
    assert.deepEqual(new Set(codes(results)), new Set(['ok']));
    assert.ok(updates().length <= 5, `${updates().length} messages`);
    assert.deepEqual(
      updates().flatMap(namesIn),
      many.map(({ name }) => name),
    );
  });

  it('of which one has no form on the wire fail alone with it', async () => {
    const { updater } = setUp();
    const addresses = Array.from({ length: 1_200 }, (_, index) => `192.0.${index >> 8}.${index & 255}`);
    const changes = [changeOf('a', '192.0.2.1'), changeOf('large', ...addresses), changeOf('b', '192.0.2.1')];
    const results = await updater.apply(ZONE, changes, DEADLINE);
    assert.deepEqual(codes(results), ['ok', 'DNS_BAD_MESSAGE', 'ok']);
    const [, large] = results;
    assert.match(large?.ok === false ? large.fault.message : '', /update of example\.test.*octets/);
  });

  it('are sent to the primary of the zone, whatever their names', async () => {
    const { updater, updates } = setUp({
      update: (names) => (names.includes('home.other.test') ? Rcode.NOTZONE : 0),
    });
    const stranger = { ...changeOf('x', '192.0.2.1'), name: domainName('home.other.test') };
    const results = await updater.apply(ZONE, [stranger, changeOf('a', '192.0.2.1')], DEADLINE);
    assert.deepEqual(codes(results), ['DNS_NOT_ZONE', 'ok']);
    assert.ok(updates().every(({ questions }) => questions[0]?.name === ZONE));
  });
});

describe('the records at a name', () => {
  const NAME = domainName('home.example.test');
  const lookUp = async (query: (request: Message) => Buffer) => {
    const question = { zone: ZONE, name: NAME, types: ['A', 'AAAA'] as const, fresh: true };
    const found = await setUp({ query }).updater.lookUp(question, DEADLINE);
    if (!found.ok) return `${found.fault.code}: ${found.fault.message}`;
    return found.value.recordSets
      .filter(({ values }) => values.length > 0)
      .map(({ type, ttl: time, values }) => [type, time, ...values.map(({ text }) => text)]);
  };
  const typed = (answers: readonly ReturnType<typeof addressRecord>[]) => (request: Message) =>
    answerTo(request, { answers: answers.filter(({ type }) => type === request.questions[0]?.type) });

  it('are those that the primary holds, each type on its own', async () => {
    const records = typed([
      addressRecord('home.example.test', '192.0.2.1', 30),
      addressRecord('HOME.example.test', '192.0.2.2', 30),
      addressRecord('home.example.test', '2001:db8::1', 0),
    ]);
    assert.deepEqual(await lookUp(records), [
      ['A', 30, '192.0.2.1', '192.0.2.2'],
      ['AAAA', 0, '2001:db8::1'],
    ]);
  });

  it('are none that belong to another name, type or class', async () => {
    const other = addressRecord('other.example.test', '192.0.2.1');
    const chaos = { ...addressRecord('home.example.test', '192.0.2.1'), class: RrClass.CH };
    const text = { ...addressRecord('home.example.test', '192.0.2.1'), type: RrType.TXT };
    assert.deepEqual(await lookUp((request) => answerTo(request, { answers: [other, chaos, text] })), []);
  });

  it('live for no time when the highest bit of their TTL is set', async () => {
    const patched = (request: Message) => {
      const answer = answerTo(request, { answers: [addressRecord('home.example.test', '192.0.2.1', 1)] });
      // The TTL is in front of RDLENGTH and the four octets of the address.
      answer.writeUInt32BE(2 ** 31 + 60, answer.length - 10);
      return answer;
    };
    assert.deepEqual(await lookUp(patched), [['A', 0, '192.0.2.1']]);
  });

  it('that are malformed are a fault', async () => {
    const short = { ...addressRecord('home.example.test', '192.0.2.1'), rdata: Buffer.alloc(3) };
    assert.match(
      String(await lookUp((request) => answerTo(request, { answers: [short] }))),
      /^DNS_UNVERIFIED: .*malformed A records/,
    );
  });

  it('below an alias, a delegation or in another zone are faults', async () => {
    const rows: readonly [string, Parameters<typeof answerTo>[1]][] = [
      [
        'DNS_CNAME: the primary 127.0.0.1:53 has an alias at home.example.test (CNAME to www.example.test)',
        { answers: [nameRecord(NAME, RrType.CNAME, 'www.example.test')] },
      ],
      [
        'DNS_DELEGATED: the primary 127.0.0.1:53 delegates elsewhere what lies below example.test',
        { aa: false, authorities: [nameRecord(ZONE, RrType.NS, 'ns.test')] },
      ],
      [
        'DNS_DELEGATED: the primary 127.0.0.1:53 has home.example.test in its zone home.example.test',
        { authorities: [soaRecord(NAME)] },
      ],
      [
        'DNS_NOT_AUTHORITATIVE: the primary 127.0.0.1:53 does not serve the zone example.test; correct the zone',
        { aa: false },
      ],
      [
        'DNS_NOT_AUTHORITATIVE: the primary 127.0.0.1:53 does not serve the zone example.test; correct the zone',
        { rcode: Rcode.REFUSED },
      ],
      ['DNS_BAD_MESSAGE: the primary 127.0.0.1:53 answered FORMERR', { rcode: Rcode.FORMERR }],
    ];
    for (const [start, parts] of rows) {
      const found = String(await lookUp((request) => answerTo(request, parts)));
      assert.ok(found.startsWith(start), found);
    }
  });

  it('are hidden by an alias, of which the fault has the target of a CNAME, and none of a DNAME', async () => {
    const target = async (...answers: readonly ReturnType<typeof nameRecord>[]) => {
      const query = (request: Message) => answerTo(request, { answers });
      const question = { zone: ZONE, name: NAME, types: ['TXT'] as const, fresh: true };
      const found = await setUp({ query }).updater.lookUp(question, DEADLINE);
      return found.ok ? 'no alias' : found.fault.target;
    };
    const cname = nameRecord(NAME, RrType.CNAME, 'home.example.net');
    assert.equal(await target(cname), 'home.example.net');
    assert.equal(await target(nameRecord(ZONE, RrType.DNAME, 'example.net'), cname), undefined);
  });

  it('that have come into a zone of their own are found there the next time', async () => {
    let zone: string = ZONE;
    const { updater } = setUp({
      zones: [],
      query: (request) => {
        const holder = request.questions[0]?.name === ZONE ? ZONE : zone;
        return answerTo(request, { rcode: Rcode.NXDOMAIN, authorities: [soaRecord(holder)] });
      },
    });
    const find = async () => {
      const found = await updater.findZone(NAME, DEADLINE);
      return found.ok ? found.value : found.fault.code;
    };
    assert.equal(await find(), ZONE);
    zone = NAME;
    const lookUpIn = async (zone: DomainName) => {
      const found = await updater.lookUp({ zone, name: NAME, types: ['A'], fresh: true }, DEADLINE);
      return found.ok ? found.value.recordSets.map(({ values }) => values) : found.fault.code;
    };
    assert.equal(await lookUpIn(ZONE), 'DNS_DELEGATED');
    assert.equal(await find(), NAME);
    assert.deepEqual(await lookUpIn(NAME), [[]]);
  });
});

describe('records that a wildcard above the name shows too', () => {
  const NAME = domainName('home.w.example.test');
  const records = (request: Message) => {
    const [question] = request.questions;
    const shown = question?.type === RrType.A && question.name.endsWith('.w.example.test');
    return answerTo(request, {
      answers: shown ? [addressRecord(question.name, '192.0.2.1')] : [],
      authorities: [soaRecord(ZONE)],
    });
  };
  const lookUp = async (rcode: number) => {
    const { updater, updates } = setUp({ query: records, update: () => rcode });
    const found = await updater.lookUp({ zone: ZONE, name: NAME, types: ['A'], fresh: true }, DEADLINE);
    const values = found.ok
      ? found.value.recordSets.flatMap((set) => set.values.map(({ text }) => text))
      : found.fault.code;
    return { values, updates: updates() };
  };

  it('are the name’s own where an UPDATE without changes says that the name holds them', async () => {
    const { values, updates } = await lookUp(Rcode.NOERROR);
    assert.deepEqual(values, ['192.0.2.1']);
    assert.deepEqual(
      updates.map(({ answers, authorities }) => [answers.map(({ name }) => name), authorities]),
      [[[NAME], []]],
    );
  });

  it('are not its own where that UPDATE says that the name does not hold them', async () => {
    assert.deepEqual((await lookUp(Rcode.NXRRSET)).values, []);
  });

  it('have an owner that is not known where the primary does not take that UPDATE', async () => {
    assert.equal((await lookUp(Rcode.REFUSED)).values, 'DNS_REFUSED');
  });
});

describe('conditions alone', () => {
  const held = (label: string): NameChange => {
    const { name, changes } = changeOf(label, '192.0.2.1');
    return { name, condition: changes, changes: [] };
  };
  const names = ['h1', 'h2', 'h3', 'h4'];

  for (const [rcode, code, messages] of [
    [Rcode.REFUSED, 'DNS_REFUSED', 1],
    [Rcode.NOTAUTH, 'DNS_NOT_AUTHORITATIVE', 1],
    [Rcode.SERVFAIL, 'DNS_SERVER_FAILURE', 2],
  ] as const) {
    it(`are not divided for ${code}: whoever asks can look`, async () => {
      const { clock, updater, updates } = setUp({ update: () => rcode });
      const asking = updater.apply(ZONE, names.map(held), DEADLINE);
      await clock.advance(DEADLINE);
      assert.deepEqual(
        codes(await asking),
        names.map(() => code),
      );
      assert.equal(updates().length, messages);
    });
  }

  it('that are too many for one message travel in several', async () => {
    const { updater, updates } = setUp();
    const many = Array.from({ length: 1_000 }, (_, index) => held(`host${index}`));
    assert.deepEqual(new Set(codes(await updater.apply(ZONE, many, DEADLINE))), new Set(['ok']));
    assert.ok(updates().length <= 5, `${updates().length} messages`);
  });
});
