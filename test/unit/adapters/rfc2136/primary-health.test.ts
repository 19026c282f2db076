import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Rcode, RrType } from '../../../../src/adapters/dns-wire/constants.ts';
import type { Message } from '../../../../src/adapters/dns-wire/message.ts';
import { PrimaryClient } from '../../../../src/adapters/rfc2136/primary-client.ts';
import { query } from '../../../../src/adapters/rfc2136/requests.ts';
import { DEFAULT_SETTINGS } from '../../../../src/application/manage/settings.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import { parseSocketAddress, socketText } from '../../../../src/domain/socket-address.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { RecordingEvents } from '../../../fakes/recording-events.ts';
import { RecordingLogger } from '../../../fakes/recording-logger.ts';
import { type Scripted, ScriptedTransport } from '../../../fakes/scripted-transport.ts';
import { answerTo } from '../../../support/dns-answers.ts';
import { noEvents } from '../../../support/events.ts';
import { KEYS } from '../../../support/name-servers/keys.ts';
import { valueIn } from '../../../support/parsed.ts';

const NAME = domainName('home.dyn.example.test');
const ZONE = domainName('dyn.example.test');
const DEADLINE = 10_000;
/** As the client has it. */
const STREAM_TIME = 4_500;

/** What an address does with what it is sent; it may be changed at any time. */
type Script = (request: Message) => Scripted;

const answers: Script = (request) => answerTo(request);
const fails: Script = (request) => answerTo(request, { rcode: Rcode.SERVFAIL });
const silent: Script = () => ({ kind: 'silent' });
const lost: Script = () => ({ kind: 'lost' });
const unreachable: Script = () => ({ kind: 'unreachable', cause: new Error('connect ECONNREFUSED') });

function setUp(...scripts: readonly Script[]) {
  const clock = new ManualClock();
  const logger = new RecordingLogger();
  const addresses = scripts.map((script, index) => {
    const socket = valueIn(parseSocketAddress(`192.0.2.${index + 1}:53`));
    const transport: ScriptedTransport = new ScriptedTransport(clock, (request) => address.script(request));
    const address = { socket, script, transport };
    return address;
  });
  const [first, ...others] = addresses;
  assert.ok(first);
  const primary = {
    ...DEFAULT_SETTINGS.dns,
    socket: first.socket,
    fallbackSockets: others.map(({ socket }) => socket),
    zones: [ZONE],
  };
  const transportsTo = (socket: { port: number }) => {
    const stream = addresses.find((address) => address.socket === socket)?.transport;
    assert.ok(stream);
    return { udp: undefined, stream };
  };
  const events = new RecordingEvents();
  const client = new PrimaryClient(primary, transportsTo, clock, logger, events);

  /** A request: what came of it, and after how long, once the time has passed. */
  const request = () => {
    const start = clock.monotonic();
    const heard = { outcome: 'waits', message: '', took: -1 };
    const asked = client.ask(query(NAME, RrType.A), start + DEADLINE).then((result) => {
      heard.outcome = result.ok ? 'answered' : result.fault.code;
      heard.message = result.ok ? '' : result.fault.message;
      heard.took = clock.monotonic() - start;
    });
    assert.ok(asked instanceof Promise);
    return heard;
  };
  /** A request that gets along without any time passing. */
  const requestNow = async () => {
    const heard = request();
    await clock.advance(0);
    return heard.outcome;
  };
  return { client, clock, logger, events, first, second: others[0] ?? first, request, requestNow };
}

/** A primary that answers nobody, and is known for that. */
async function setUpDown(script: Script) {
  const set = setUp(script);
  for (let index = 0; index < 3; index += 1) {
    set.request();
    await set.clock.advance(DEADLINE);
  }
  assert.match(set.logger.text, /A primary does not answer/);
  return set;
}

describe('a primary that gives no answer', () => {
  for (const [what, script, code] of [
    ['is silent', silent, 'DNS_TIMEOUT'],
    ['closes connections', lost, 'DNS_UNREACHABLE'],
    ['takes no connection', unreachable, 'DNS_UNREACHABLE'],
  ] as const) {
    it(`because it ${what} keeps nobody waiting any more, and is told of once`, async () => {
      const { client, logger, clock, request } = await setUpDown(script);
      const late = request();
      await clock.advance(0);
      assert.equal(late.outcome, code);
      assert.equal(late.took, 0);
      assert.equal(client.state.answers, false);
      assert.match(late.message, /^could not confirm: the primary 192\.0\.2\.1:53 /);
      await clock.advance(60_000);
      assert.equal(logger.entries.length, 1);
      assert.equal(logger.at('error').at(0)?.fields['primary'], '192.0.2.1:53');
    });

    it(`because it ${what} is served within two seconds of its return, whenever that is`, async () => {
      for (const away of [0, 400, 1_700, 9_300, 61_000]) {
        const { client, first, clock, logger, events, requestNow } = await setUpDown(script);
        await clock.advance(away);
        first.script = answers;
        // Of what was sent before nothing comes back, as when the way was cut.
        await clock.advance(script === silent ? STREAM_TIME + 2_000 : 2_000);
        assert.equal(await requestNow(), 'answered', `${away} ms`);
        assert.deepEqual(client.state, { primary: first.socket, answers: true });
        assert.equal(logger.at('info').length, 1);
        assert.match(logger.text, /A primary answers again/);
        const [gone, back] = [events.of('primary-away'), events.of('primary-back')];
        assert.deepEqual(
          [...gone, ...back].map(({ server }) => server),
          ['192.0.2.1:53', '192.0.2.1:53'],
        );
        assert.equal(gone[0]?.reason, code);
        assert.ok((back[0]?.since ?? 0) < (gone[0]?.at ?? 0), 'it was away before that was certain');
      }
    });
  }

  it('is known for it as soon as the first have waited, and all the others are told at once', async () => {
    const { clock, request } = setUp(silent);
    const waiting = Array.from({ length: 20 }, request);
    // The first few had begun their pause when it became clear.
    await clock.advance(STREAM_TIME + 200);
    for (const { outcome } of waiting) assert.equal(outcome, 'DNS_TIMEOUT');
    assert.equal(waiting.filter(({ took }) => took === STREAM_TIME).length, 18);
  });

  it('is asked by one probe at a time, without a signature, at least once a second', async () => {
    const clock = new ManualClock();
    const transport = new ScriptedTransport(clock, unreachable);
    const primary = { ...DEFAULT_SETTINGS.dns, zones: [ZONE], tsig: KEYS.sha256 };
    const open = () => ({ udp: undefined, stream: transport });
    const client = new PrimaryClient(primary, open, clock, new RecordingLogger(), noEvents);
    for (let index = 0; index < 3; index += 1) void client.ask(query(NAME, RrType.A), DEADLINE);
    await clock.advance(DEADLINE);
    void client.ask(query(NAME, RrType.A), DEADLINE * 2);
    await clock.advance(DEADLINE);
    transport.sent.length = 0;
    await clock.advance(20_000);

    assert.ok(transport.sent.length >= 19 && transport.sent.length <= 40, `${transport.sent.length} probes`);
    for (const [index, { at, message }] of transport.sent.entries()) {
      assert.equal(message.tsig, undefined);
      assert.equal(message.questions[0]?.name, ZONE);
      const pause = at - (transport.sent[index - 1]?.at ?? at - 500);
      assert.ok(pause >= 500 && pause <= 1_000, `${pause} ms`);
    }
  });

  it('is asked no more when dynonym stops', async () => {
    const { client, clock, first } = await setUpDown(unreachable);
    client.close();
    const { length } = first.transport.sent;
    await clock.advance(60_000);
    assert.equal(first.transport.sent.length, length);
    assert.equal(clock.pending, 0);
  });
});

describe('a primary is not given up', () => {
  it('while it restarts: who asks meanwhile is answered', async () => {
    const { first, clock, logger, request } = setUp(unreachable);
    const requests = Array.from({ length: 50 }, request);
    await clock.advance(1_000);
    first.script = answers;
    await clock.advance(2_000);
    for (const { outcome } of requests) assert.equal(outcome, 'answered');
    assert.deepEqual(logger.entries, []);
  });

  it('for answers that say SERVFAIL: they may be about one zone of many', async () => {
    const { clock, logger, request, requestNow, first } = setUp(fails);
    for (let index = 0; index < 10; index += 1) request();
    await clock.advance(20_000);
    first.script = answers;
    assert.equal(await requestNow(), 'answered');
    assert.deepEqual(logger.entries, []);
  });

  it('for messages that get lost while others are answered', async () => {
    const { clock, logger, first, request, requestNow } = setUp(silent);
    const unlucky = Array.from({ length: 10 }, request);
    await clock.advance(2_000);
    first.script = answers;
    assert.equal(await requestNow(), 'answered');
    await clock.advance(STREAM_TIME);
    assert.deepEqual(logger.entries, []);
    for (const { outcome } of unlucky) assert.equal(outcome, 'answered');
  });

  it('for the little time that those have who ask', async () => {
    const { client, clock, logger, first, requestNow } = setUp(silent);
    for (let index = 0; index < 10; index += 1) {
      void client.ask(query(NAME, RrType.A), clock.monotonic() + 1_000);
      await clock.advance(1_000);
    }
    first.script = answers;
    assert.equal(await requestNow(), 'answered');
    assert.deepEqual(logger.entries, []);
  });
});

describe('a primary with two addresses', () => {
  it('is asked at the first while that answers', async () => {
    const { second, requestNow } = setUp(answers, answers);
    for (let index = 0; index < 3; index += 1) assert.equal(await requestNow(), 'answered');
    assert.equal(second.transport.sent.length, 0);
  });

  it('is asked at the second at once where the first takes no connection, and stays there', async () => {
    const { first, second, client, requestNow } = setUp(unreachable, answers);
    assert.equal(await requestNow(), 'answered');
    assert.equal(client.context.server, socketText(second.socket));
    first.script = answers;
    assert.equal(await requestNow(), 'answered');
    assert.equal(first.transport.sent.length, 1);

    second.script = unreachable;
    assert.equal(await requestNow(), 'answered');
    assert.equal(client.context.server, socketText(first.socket));
  });

  it('is asked at the second where the first is silent', async () => {
    const { clock, request } = setUp(silent, answers);
    const heard = request();
    await clock.advance(STREAM_TIME);
    assert.equal(heard.outcome, 'answered');
    assert.equal(heard.took, STREAM_TIME);
  });

  it('is given up when neither answers, and found again by either', async () => {
    for (const back of ['first', 'second'] as const) {
      const set = setUp(unreachable, unreachable);
      const heard = set.request();
      await set.clock.advance(DEADLINE);
      assert.equal(heard.outcome, 'DNS_UNREACHABLE');
      assert.equal(set.first.transport.sent.length, set.second.transport.sent.length);
      for (let index = 0; index < 3; index += 1) set.request();
      await set.clock.advance(DEADLINE);
      assert.equal(set.logger.at('error').length, 1);

      set[back].script = answers;
      await set.clock.advance(2_000);
      assert.equal(await set.requestNow(), 'answered');
      assert.equal(set.client.context.server, socketText(set[back].socket));
    }
  });
});
