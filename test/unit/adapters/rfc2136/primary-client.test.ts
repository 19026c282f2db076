import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Opcode, Rcode, RrType } from '../../../../src/adapters/dns-wire/constants.ts';
import type { Message } from '../../../../src/adapters/dns-wire/message.ts';
import { signMessage } from '../../../../src/adapters/dns-wire/tsig.ts';
import { signReply, verifyRequest } from '../../../../src/adapters/dns-wire/tsig-server.ts';
import { buildUpdate, updateSectionsOf } from '../../../../src/adapters/dns-wire/update-message.ts';
import { PrimaryClient } from '../../../../src/adapters/rfc2136/primary-client.ts';
import type { PrimaryRequest } from '../../../../src/adapters/rfc2136/requests.ts';
import { query } from '../../../../src/adapters/rfc2136/requests.ts';
import { DEFAULT_SETTINGS, type Transport } from '../../../../src/application/manage/settings.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import { parseSocketAddress } from '../../../../src/domain/socket-address.ts';
import type { TsigKey } from '../../../../src/domain/tsig-key.ts';
import { ttl } from '../../../../src/domain/ttl.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { RecordingLogger } from '../../../fakes/recording-logger.ts';
import { type Scripted, ScriptedTransport, type Sent } from '../../../fakes/scripted-transport.ts';
import { replacing } from '../../../support/changes.ts';
import { answerTo, sign } from '../../../support/dns-answers.ts';
import { noEvents } from '../../../support/events.ts';
import { valueIn } from '../../../support/parsed.ts';

const ZONE = domainName('dyn.example.test');
const NAME = domainName('home.dyn.example.test');
const KEY: TsigKey = { name: domainName('dyn-key'), algorithm: 'hmac-sha256', secret: Buffer.alloc(32, 7) };
const DEADLINE = 10_000;
/** As the client has them. */
const STREAM_TIME = 4_500;
const UDP_TIME = 1_500;

type Script = (request: Message, index: number) => Scripted;

type Server = {
  readonly stream?: Script;
  readonly udp?: Script;
  readonly key?: TsigKey;
  readonly clock?: ManualClock;
};

const silent: Script = () => ({ kind: 'silent' });
const lost: Script = () => ({ kind: 'lost' });
const unreachable: Script = () => ({ kind: 'unreachable', cause: new Error('connect ECONNREFUSED') });
const unexpected: Script = () => assert.fail('nothing goes this way');

const answering =
  (rcode: number): Script =>
  (request) =>
    answerTo(request, { rcode });

/** Does for each message what the script at its place says; the last goes on. */
const inTurn =
  (...scripts: readonly Script[]): Script =>
  (request, index) =>
    (scripts[index] ?? scripts.at(-1) ?? silent)(request, index);

/** A server that knows KEY, and whose clock is so many seconds ahead of the client's. */
const signing =
  (clock: ManualClock, { ahead = () => 0 as number, rcode = Rcode.NOERROR as number } = {}): Script =>
  (request) => {
    const time = Math.floor(clock.now() / 1000) + ahead();
    const verdict = verifyRequest(request, (name) => (name === KEY.name ? KEY : undefined), time);
    const answer = answerTo(request, { rcode: verdict.kind === 'verified' ? rcode : Rcode.NOTAUTH });
    return signReply(answer, verdict, time);
  };

function setUp({ stream = unexpected, udp, key, clock = new ManualClock() }: Server) {
  const logger = new RecordingLogger();
  const transports = {
    udp: udp === undefined ? undefined : new ScriptedTransport(clock, udp),
    stream: new ScriptedTransport(clock, stream),
  };
  const transport: Transport = udp === undefined ? 'tcp' : 'udp';
  const socket = valueIn(parseSocketAddress('192.0.2.53:53'));
  const primary = { ...DEFAULT_SETTINGS.dns, socket, transport, tsig: key };
  const client = new PrimaryClient(primary, () => transports, clock, logger, noEvents);

  /** What came of it, and after how long. */
  const ask = async (request = query(NAME, RrType.A), time = DEADLINE) => {
    const start = clock.monotonic();
    let took = -1;
    const asked = client.ask(request, start + time).then((result) => {
      took = clock.monotonic() - start;
      return result;
    });
    await clock.advance(60_000);
    return { result: await asked, took };
  };
  const rcodeOf = async (request?: PrimaryRequest) => {
    const { result } = await ask(request);
    return result.ok ? result.value.rcode : assert.fail(result.fault.message);
  };
  const faultOf = async (request?: PrimaryRequest, time?: number) => {
    const { result, took } = await ask(request, time);
    if (result.ok) assert.fail(`answered with RCODE ${result.value.rcode}`);
    const { code, message, cause } = result.fault;
    return { code, message, cause, took };
  };
  const sent = transports.stream.sent;
  return { client, clock, logger, ask, rcodeOf, faultOf, sent, sentByUdp: transports.udp?.sent ?? [] };
}

/** An UPDATE of so many names. */
function update(names: number): PrimaryRequest {
  const address = { family: 'ipv4', text: '192.0.2.1' } as const;
  const changes = Array.from({ length: names }, (_, index) =>
    replacing(domainName(`host${index}.${ZONE}`), { type: 'A' as const, ttl: ttl(60), values: [address] }),
  );
  const message = buildUpdate(0, ZONE, updateSectionsOf(changes));
  return { opcode: Opcode.UPDATE, name: ZONE, type: RrType.SOA, message };
}

/** The pauses between the messages, each of which was waited for so long, are these or down to half of these. */
function assertPauses(sent: readonly Sent[], waited: number, longest: readonly number[]): void {
  const pauses = sent.slice(1).map(({ at }, index) => at - (sent[index]?.at ?? 0) - waited);
  assert.equal(pauses.length, longest.length, `pauses of ${pauses}`);
  for (const [index, most] of longest.entries()) {
    const pause = pauses[index] ?? -1;
    assert.ok(pause >= most / 2 && pause <= most, `pause ${index} took ${pause} ms`);
  }
}

describe('an answer', () => {
  for (const rcode of [Rcode.NOERROR, Rcode.NXDOMAIN, Rcode.REFUSED, Rcode.NOTZONE, Rcode.NOTIMP]) {
    it(`with RCODE ${rcode} counts at once, signed where there is a key`, async () => {
      const clock = new ManualClock();
      const servers = [{ stream: answering(rcode) }, { stream: signing(clock, { rcode }), key: KEY, clock }];
      for (const server of servers) {
        const { ask, sent } = setUp(server);
        const { result, took } = await ask();
        assert.equal(result.ok && result.value.rcode, rcode);
        assert.equal(took, 0);
        assert.equal(sent.length, 1);
      }
    });
  }

  it('without the question counts, with another question or of another kind does not', async () => {
    const withoutQuestion: Script = (request) => {
      const answer = answerTo(request).subarray(0, 12);
      answer.writeUInt16BE(0, 4);
      return answer;
    };
    const [question] = [{ name: NAME, type: RrType.A, class: 1 }];
    const others: readonly Script[] = [
      (request) => answerTo(request, { question: { ...question, name: 'other.dyn.example.test' } }),
      (request) => answerTo(request, { question: { ...question, type: RrType.AAAA } }),
      (request) => answerTo(request, { question: { ...question, class: 3 } }),
      (request) => answerTo(request, { opcode: Opcode.UPDATE }),
      (request) => answerTo(request, { response: false }),
      (request) => answerTo(request, { id: request.id ^ 1 }),
    ];
    assert.equal(await setUp({ stream: withoutQuestion }).rcodeOf(), Rcode.NOERROR);
    for (const other of others) assert.equal((await setUp({ stream: other }).faultOf()).code, 'DNS_TIMEOUT');
  });

  it('may give the name back in another case', async () => {
    const question = { name: 'HOME.dyn.Example.test', type: RrType.A, class: 1 };
    assert.equal(
      await setUp({ stream: (request) => answerTo(request, { question }) }).rcodeOf(),
      Rcode.NOERROR,
    );
  });

  it('that was cut short on a stream does not count', async () => {
    const { faultOf, sent } = setUp({ stream: (request) => answerTo(request, { tc: true }) });
    const { code, message } = await faultOf();
    assert.equal(code, 'DNS_UNVERIFIED');
    assert.match(message, /^could not confirm: .*truncated/);
    assert.equal(sent.length, 1);
  });

  it('that is no DNS message does not count, and is not asked for again', async () => {
    const { faultOf, sent } = setUp({
      stream: (request) => Buffer.concat([answerTo(request), Buffer.of(0)]),
    });
    const { code, message, cause } = await faultOf();
    assert.equal(code, 'DNS_UNVERIFIED');
    assert.match(message, /^could not confirm: .*192\.0\.2\.53:53 answered what is no DNS message/);
    assert.match(String(cause), /octets too many/);
    assert.equal(sent.length, 1);
  });
});

describe('an answer that does not verify', () => {
  const forgeries: Readonly<Record<string, Script>> = {
    'is not signed': (request) => answerTo(request),
    'is signed with another secret': (request) =>
      sign(answerTo(request), request, { ...KEY, secret: Buffer.alloc(32) }),
    'is signed with another key': (request) =>
      sign(answerTo(request), request, { ...KEY, name: domainName('other') }),
    'answers another request': (request) =>
      sign(answerTo(request), { ...request, tsig: undefined }, KEY, request.tsig?.time),
  };
  for (const [what, forgery] of Object.entries(forgeries)) {
    it(`because it ${what} is no success on a stream, and not asked for again`, async () => {
      const { faultOf, sent } = setUp({ stream: forgery, key: KEY });
      const { code, message } = await faultOf();
      assert.equal(code, 'DNS_UNVERIFIED');
      assert.match(message, /^could not confirm: .*NOERROR.*"dyn-key"/);
      assert.equal(sent.length, 1);
    });

    it(`because it ${what} is as if it had not come by UDP`, async () => {
      const clock = new ManualClock();
      const { rcodeOf, sent, sentByUdp } = setUp({ udp: forgery, stream: signing(clock), key: KEY, clock });
      assert.equal(await rcodeOf(), Rcode.NOERROR);
      assert.equal(sentByUdp.length, 1);
      assert.equal(sent[0]?.at, UDP_TIME);
    });
  }

  for (const [error, code] of [
    [Rcode.BADTRUNC, 'DNS_UNVERIFIED'],
    [Rcode.BADTIME, 'DNS_CLOCK'],
    [Rcode.BADSIG, 'DNS_KEY_REJECTED'],
  ] as const) {
    it(`is one that verifies and speaks of TSIG error ${error}, whatever its RCODE`, async () => {
      const contradictory: Script = (request) => {
        const { mac: requestMac = Buffer.alloc(0), time = 0 } = request.tsig ?? {};
        return signMessage(answerTo(request), KEY, { time, requestMac, error }).octets;
      };
      assert.equal((await setUp({ stream: contradictory, key: KEY }).faultOf()).code, code);
    });
  }

  it('because its time is wrong is a fault of the clocks', async () => {
    const old: Script = (request) => sign(answerTo(request), request, KEY, (request.tsig?.time ?? 0) - 301);
    const { code, message } = await setUp({ stream: old, key: KEY }).faultOf();
    assert.equal(code, 'DNS_CLOCK');
    assert.match(message, /^could not confirm: .*301 seconds behind ours/);
  });

  it('is asked for again where it says SERVFAIL', async () => {
    const clock = new ManualClock();
    const stream = inTurn(answering(Rcode.SERVFAIL), signing(clock));
    const { rcodeOf, sent } = setUp({ stream, key: KEY, clock });
    assert.equal(await rcodeOf(), Rcode.NOERROR);
    assert.equal(sent.length, 2);
  });
});

describe('a primary that fails', () => {
  it('with SERVFAIL is asked again after ever longer pauses, the last time with half a second left', async () => {
    const { faultOf, sent } = setUp({ stream: answering(Rcode.SERVFAIL) });
    const { code, message, took } = await faultOf();
    assert.equal(code, 'DNS_SERVER_FAILURE');
    assert.match(message, /^could not confirm: .*SERVFAIL/);
    assert.equal(took, DEADLINE - 500);
    assert.equal(sent.at(-1)?.at, DEADLINE - 500);
    assertPauses(sent.slice(0, 6), 0, [200, 400, 800, 1_600, 3_200]);
  });

  it('with SERVFAIL once is believed the second time', async () => {
    const { rcodeOf, sent } = setUp({ stream: inTurn(answering(Rcode.SERVFAIL), answering(Rcode.NXDOMAIN)) });
    assert.equal(await rcodeOf(), Rcode.NXDOMAIN);
    assertPauses(sent, 0, [200]);
  });

  it('by taking no connection is given up after five attempts', async () => {
    const { faultOf, sent } = setUp({ stream: unreachable });
    const { code, message, cause, took } = await faultOf();
    assert.equal(code, 'DNS_UNREACHABLE');
    assert.match(
      message,
      /^could not confirm: .*192\.0\.2\.53:53 takes no connection \(connect ECONNREFUSED\)/,
    );
    assert.match(String(cause), /ECONNREFUSED/);
    assertPauses(sent, 0, [200, 400, 800, 1_600]);
    assert.ok(took >= 1_500 && took <= 3_000, `${took} ms`);
  });

  it('by taking no connection for a while is asked as soon as it does', async () => {
    const { rcodeOf, sent } = setUp({ stream: inTurn(unreachable, unreachable, answering(Rcode.NOERROR)) });
    assert.equal(await rcodeOf(), Rcode.NOERROR);
    assertPauses(sent, 0, [200, 400]);
  });

  it('by closing the connection is asked again at once, and then after pauses', async () => {
    const { faultOf, sent } = setUp({ stream: lost });
    const { code, message, took } = await faultOf(undefined, 3_000);
    assert.equal(code, 'DNS_UNREACHABLE');
    assert.match(message, /^could not confirm: .*closed the connection/);
    assert.equal(took, 2_500);
    assertPauses(sent.slice(0, 4), 0, [0, 400, 800]);
  });

  it('by its silence is asked twice more, and the deadline is kept', async () => {
    const { faultOf, sent } = setUp({ stream: silent });
    const { code, message, took } = await faultOf();
    assert.equal(code, 'DNS_TIMEOUT');
    assert.match(message, /^could not confirm: .*did not answer in time/);
    assert.equal(took, DEADLINE);
    assertPauses(sent, STREAM_TIME, [200, 400]);
    assert.ok(
      sent.every(({ patience }) => patience.answerTime === STREAM_TIME && patience.deadline === DEADLINE),
    );
  });

  it('with SERVFAIL, and then has no time to answer, has failed: the last silence says less', async () => {
    const { faultOf, sent } = setUp({ stream: inTurn(answering(Rcode.SERVFAIL), silent) });
    const { code, took } = await faultOf(undefined, 1_000);
    assert.equal(code, 'DNS_SERVER_FAILURE');
    assert.equal(took, 1_000);
    assert.equal(sent.length, 2);
  });

  it('is not asked at all when no time is left', async () => {
    const { faultOf, sent } = setUp({ stream: answering(Rcode.NOERROR) });
    const { code, message } = await faultOf(query(NAME, RrType.A), 0);
    assert.equal(code, 'DNS_TIMEOUT');
    assert.match(message, /^could not confirm: no time was left/);
    assert.equal(sent.length, 0);
  });

  it('for which too much is waiting is overloaded', async () => {
    const { code, message } = await setUp({ stream: () => ({ kind: 'crowded' }) }).faultOf(undefined, 1);
    assert.equal(code, 'DNS_OVERLOADED');
    assert.match(message, /^could not confirm: too much is waiting/);
  });

  it('is told what dynonym does when it stops', async () => {
    const { client, faultOf, sent } = setUp({ stream: silent, udp: silent });
    client.close();
    const { code, took } = await faultOf();
    assert.equal(code, 'DNS_STOPPED');
    assert.equal(took, 0);
    assert.equal(sent.length, 0);
  });
});

describe('each attempt', () => {
  it('has an id, a time and a signature of its own', async () => {
    const clock = new ManualClock();
    const { rcodeOf, sent } = setUp({ stream: inTurn(silent, silent, signing(clock)), key: KEY, clock });
    assert.equal(await rcodeOf(update(1)), Rcode.NOERROR);
    const [first, second, third] = sent.map(({ message: { id, tsig } }) => ({ id, tsig }));
    assert.equal(new Set([first?.id, second?.id, third?.id]).size, 3);
    assert.equal(new Set([first, second, third].map((one) => one?.tsig?.mac.toString('hex'))).size, 3);
    const start = Date.UTC(2026, 0, 1) / 1000;
    assert.deepEqual(
      [first, second, third].map((one) => (one?.tsig?.time ?? 0) - start),
      [0, 4, 9],
    );
    assert.ok(sent.every(({ message: { tsig, id } }) => tsig?.originalId === id));
  });
});

describe('clocks that differ', () => {
  for (const ahead of [3_600, -3_600]) {
    it(`by ${ahead} seconds are corrected once, with a line in the log`, async () => {
      const clock = new ManualClock();
      const stream = signing(clock, { ahead: () => ahead });
      const { rcodeOf, logger, sent } = setUp({ stream, key: KEY, clock });
      assert.equal(await rcodeOf(), Rcode.NOERROR);
      assert.equal(sent.length, 2);
      assert.equal(await rcodeOf(), Rcode.NOERROR);
      assert.equal(sent.length, 3);
      assert.deepEqual(
        logger.at('warn').map(({ fields }) => fields),
        [{ primary: '192.0.2.53:53', secondsAhead: ahead }],
      );
    });
  }

  it('are corrected once for all that is under way, however often that is said', async () => {
    const clock = new ManualClock();
    const stream = signing(clock, { ahead: () => 3_600 });
    const { client, rcodeOf, logger, sent } = setUp({ stream, key: KEY, clock });
    const asked = Promise.all(Array.from({ length: 10 }, () => client.ask(query(NAME, RrType.A), DEADLINE)));
    await clock.advance(DEADLINE);
    assert.ok((await asked).every(({ ok }) => ok));
    assert.equal(sent.length, 20);
    assert.equal(logger.at('warn').length, 1);
    assert.equal(await rcodeOf(), Rcode.NOERROR);
  });

  it('are corrected again when the server sets its clock', async () => {
    const clock = new ManualClock();
    let ahead = 3_600;
    const { rcodeOf, logger } = setUp({ stream: signing(clock, { ahead: () => ahead }), key: KEY, clock });
    assert.equal(await rcodeOf(), Rcode.NOERROR);
    ahead = 0;
    assert.equal(await rcodeOf(), Rcode.NOERROR);
    assert.deepEqual(
      logger.at('warn').map(({ fields }) => fields['secondsAhead']),
      [3_600, 0],
    );
  });

  it('are a fault when the correction does not help', async () => {
    const clock = new ManualClock();
    let ahead = 0;
    const stream = signing(clock, { ahead: () => (ahead += 3_600) });
    const { faultOf, sent } = setUp({ stream, key: KEY, clock });
    const { code, message } = await faultOf();
    assert.equal(code, 'DNS_CLOCK');
    assert.match(message, /7200 seconds ahead of ours.*BADTIME/);
    assert.equal(sent.length, 2);
  });

  it('by more than a day are a fault, and not corrected', async () => {
    const clock = new ManualClock();
    const { faultOf, sent, logger } = setUp({
      stream: signing(clock, { ahead: () => 86_500 }),
      key: KEY,
      clock,
    });
    assert.equal((await faultOf()).code, 'DNS_CLOCK');
    assert.equal(sent.length, 1);
    assert.equal(logger.entries.length, 0);
  });
});

describe('UDP', () => {
  it('is enough where it answers', async () => {
    const { rcodeOf, sent, sentByUdp } = setUp({ udp: answering(Rcode.NOERROR) });
    assert.equal(await rcodeOf(update(1)), Rcode.NOERROR);
    assert.equal(sentByUdp.length, 1);
    assert.equal(sent.length, 0);
  });

  it('is not for messages of more than 512 octets, the signature included', async () => {
    const clock = new ManualClock();
    const signed = { udp: signing(clock), stream: signing(clock), key: KEY, clock };
    const sizes: { udp: number[]; stream: number[] } = { udp: [], stream: [] };
    for (let names = 1; names < 20; names += 1) {
      const { rcodeOf, sent, sentByUdp } = setUp(signed);
      assert.equal(await rcodeOf(update(names)), Rcode.NOERROR);
      sizes.udp.push(...sentByUdp.map(({ message }) => message.octets.length));
      sizes.stream.push(...sent.map(({ message }) => message.octets.length));
    }
    assert.equal(sizes.udp.length + sizes.stream.length, 19);
    assert.ok(Math.max(...sizes.udp) <= 512 && Math.min(...sizes.stream) > 512, JSON.stringify(sizes));
  });

  for (const [what, udp, waited] of [
    ['is silent', silent, UDP_TIME],
    ['is refused', unreachable, 0],
    ['was cut short', (request: Message) => answerTo(request, { tc: true }), 0],
    ['is no DNS message', () => Buffer.alloc(20), UDP_TIME],
  ] as const) {
    it(`that ${what} is followed by TCP, in the same attempt`, async () => {
      const { rcodeOf, sent, sentByUdp } = setUp({ udp, stream: answering(Rcode.NOERROR) });
      assert.equal(await rcodeOf(), Rcode.NOERROR);
      assert.equal(sentByUdp.length, 1);
      assert.deepEqual(
        sent.map(({ at }) => at),
        [waited],
      );
    });
  }

  for (const [what, stream, took] of [
    ['takes no connection', unreachable, UDP_TIME],
    ['is silent', silent, UDP_TIME + STREAM_TIME],
  ] as const) {
    it(`that answers what does not verify is the last hint where TCP ${what}`, async () => {
      const { faultOf, sentByUdp, logger } = setUp({ udp: answering(Rcode.REFUSED), stream, key: KEY });
      const fault = await faultOf();
      assert.deepEqual([fault.code, fault.took], ['DNS_KEY_REJECTED', took]);
      assert.match(fault.message, /does not accept .* \(REFUSED\), and does not say why/);
      assert.equal(sentByUdp.length, 1);
      assert.deepEqual(logger.entries, []);
    });
  }

  it('that is silent to the deadline is followed by nothing', async () => {
    const { faultOf, sent } = setUp({ udp: silent });
    const { code, took } = await faultOf(query(NAME, RrType.A), 1_000);
    assert.equal(code, 'DNS_TIMEOUT');
    assert.equal(took, 1_000);
    assert.equal(sent.length, 0);
  });
});
