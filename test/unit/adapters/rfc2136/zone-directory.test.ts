import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Rcode, RrType } from '../../../../src/adapters/dns-wire/constants.ts';
import type { Message } from '../../../../src/adapters/dns-wire/message.ts';
import { signReply, verifyRequest } from '../../../../src/adapters/dns-wire/tsig-server.ts';
import { PrimaryClient } from '../../../../src/adapters/rfc2136/primary-client.ts';
import { ZoneDirectory } from '../../../../src/adapters/rfc2136/zone-directory.ts';
import { DEFAULT_SETTINGS } from '../../../../src/application/manage/settings.ts';
import { DnsFault, type DnsFaultCode } from '../../../../src/application/ports/dns-fault.ts';
import { noLogger } from '../../../../src/application/ports/logger.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import { parseSocketAddress } from '../../../../src/domain/socket-address.ts';
import type { TsigKey } from '../../../../src/domain/tsig-key.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { type Scripted, ScriptedTransport } from '../../../fakes/scripted-transport.ts';
import { answerTo, nameRecord, soaRecord } from '../../../support/dns-answers.ts';
import { noEvents } from '../../../support/events.ts';
import { valueIn } from '../../../support/parsed.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DEADLINE = 10 * SECOND;

type Answers = (request: Message, name: string) => Scripted;

/** A primary of `example.test`, as BIND, Knot and PowerDNS answer. */
const primaryOfExample: Answers = (request, name) => {
  if (name === 'example.test') return answerTo(request, { answers: [soaRecord(name)] });
  if (name === 'alias.example.test') {
    const answers = [nameRecord(name, RrType.CNAME, 'host.target.test')];
    return answerTo(request, { answers, authorities: [soaRecord('target.test')] });
  }
  if (name.endsWith('deleg.example.test')) {
    const referral = [nameRecord('deleg.example.test', RrType.NS, 'ns.elsewhere.test')];
    return answerTo(request, { aa: false, authorities: referral });
  }
  if (!name.endsWith('.example.test')) return answerTo(request, { aa: false, rcode: Rcode.REFUSED });
  return answerTo(request, { rcode: Rcode.NXDOMAIN, authorities: [soaRecord('example.test')] });
};

/** A primary without configured zones, and one for each of `configured`. */
function setUp({
  answers = primaryOfExample,
  configured = [] as readonly string[],
  discovers = true,
  key = undefined as TsigKey | undefined,
} = {}) {
  const clock = new ManualClock();
  const asked: string[] = [];
  const transport = new ScriptedTransport(clock, (request) => {
    const name = request.questions[0]?.name ?? '';
    asked.push(name);
    return answers(request, name);
  });
  const clientOf = (socket: string) => {
    const primary = { ...DEFAULT_SETTINGS.dns, socket: valueIn(parseSocketAddress(socket)), tsig: key };
    return new PrimaryClient(
      primary,
      () => ({ udp: undefined, stream: transport }),
      clock,
      noLogger,
      noEvents,
    );
  };
  const directory = new ZoneDirectory(
    new Map(configured.map((zone, index) => [domainName(zone), clientOf(`192.0.2.${index}:53`)])),
    discovers ? clientOf('192.0.2.53:53') : undefined,
    clock,
  );

  /** `ZONE at PRIMARY`, or the code of the fault. */
  const find = async (name: string, time = DEADLINE): Promise<string> => {
    const home = await directory.find(domainName(name), clock.monotonic() + time);
    return home.ok ? `${home.value.zone} at ${home.value.primary.context.server}` : home.fault.code;
  };
  const faultOf = async (name: string): Promise<string> => {
    const home = await directory.find(domainName(name), clock.monotonic() + DEADLINE);
    return home.ok ? assert.fail(`found ${home.value.zone}`) : home.fault.message;
  };
  return { directory, clock, asked, find, faultOf };
}

describe('a configured zone', () => {
  const configured = ['example.test', 'sub.example.test', 'ample.test'];

  it('is found without a question: the closest, on label boundaries', async () => {
    const { find, asked } = setUp({ configured });
    assert.equal(await find('home.example.test'), 'example.test at 192.0.2.0:53');
    assert.equal(await find('example.test'), 'example.test at 192.0.2.0:53');
    assert.equal(await find('a.b.sub.example.test'), 'sub.example.test at 192.0.2.1:53');
    assert.equal(await find('xsub.example.test'), 'example.test at 192.0.2.0:53');
    assert.equal(await find('home.ample.test'), 'ample.test at 192.0.2.2:53');
    assert.deepEqual(asked, []);
  });

  it('that holds the name is missing: a fault that names the name', async () => {
    const { find, faultOf } = setUp({ configured, discovers: false });
    assert.equal(await find('home.other.test'), 'DNS_NO_ZONE');
    assert.match(await faultOf('home.other.test'), /no configured zone holds home\.other\.test/);
  });

  it('that holds the name is missing, and a primary without zones is asked', async () => {
    const { find, asked } = setUp({ configured: ['other.test'] });
    assert.equal(await find('home.other.test'), 'other.test at 192.0.2.0:53');
    assert.equal(await find('home.example.test'), 'example.test at 192.0.2.53:53');
    assert.deepEqual(asked, ['home.example.test']);
  });
});

describe('a zone that is searched for', () => {
  it('is what the SOA record says at its apex and below', async () => {
    const { find } = setUp();
    for (const name of ['example.test', 'home.example.test', 'a.b.c.example.test', '*.example.test']) {
      assert.equal(await find(name), 'example.test at 192.0.2.53:53', name);
    }
  });

  it('of an alias is asked for one label up, because its own SOA record is that of its target', async () => {
    const { find, asked } = setUp();
    assert.equal(await find('alias.example.test'), 'example.test at 192.0.2.53:53');
    assert.deepEqual(asked, ['alias.example.test', 'example.test']);
  });

  it('of an alias is not the zone of its target, also where that holds the alias too', async () => {
    const { find } = setUp({
      answers: (request, name) => {
        if (name === 'sub.example.test') return answerTo(request, { answers: [soaRecord(name)] });
        const answers = [nameRecord(name, RrType.CNAME, 'host.example.test')];
        return answerTo(request, { answers, authorities: [soaRecord('example.test')] });
      },
    });
    assert.equal(await find('alias.sub.example.test'), 'sub.example.test at 192.0.2.53:53');
  });

  it('is walked up to for so many labels, and no further', async () => {
    const { find, asked } = setUp({
      answers: (request, name) =>
        answerTo(request, { answers: [nameRecord(name, RrType.CNAME, 'elsewhere.test')] }),
    });
    assert.equal(await find(`${'a.'.repeat(100)}example.test`), 'DNS_NO_ZONE');
    assert.equal(asked.length, 16);
    asked.length = 0;
    assert.equal(await find('alias.example.test'), 'DNS_NO_ZONE');
    assert.deepEqual(asked, ['alias.example.test', 'example.test', 'test']);
  });

  it('is not one that does not hold the name', async () => {
    const { find } = setUp({
      answers: (request) => answerTo(request, { authorities: [soaRecord('other.test')] }),
    });
    assert.equal(await find('home.example.test'), 'DNS_NO_ZONE');
  });

  it('may be written in any case by the primary', async () => {
    const { find } = setUp({
      answers: (request) =>
        answerTo(request, { rcode: Rcode.NXDOMAIN, authorities: [soaRecord('Example.TEST')] }),
    });
    assert.equal(await find('home.example.test'), 'example.test at 192.0.2.53:53');
  });

  it('below a delegation is a fault that names the delegation', async () => {
    const { find, faultOf } = setUp();
    assert.equal(await find('home.deleg.example.test'), 'DNS_DELEGATED');
    assert.match(await faultOf('home.deleg.example.test'), /lies below deleg\.example\.test/);
  });

  it('that is not served is a fault', async () => {
    const { find, faultOf } = setUp();
    assert.equal(await find('home.other.test'), 'DNS_NO_ZONE');
    assert.match(
      await faultOf('home.other.test'),
      /192\.0\.2\.53:53 serves no zone that holds home\.other\.test/,
    );
  });

  it('that is not served is a fault of its own where the server rejects the key for it, as Knot does', async () => {
    const key = { name: domainName('dyn-key'), algorithm: 'hmac-sha256', secret: Buffer.alloc(32) } as const;
    const rejecting =
      (rcodeWithoutKey: number): Answers =>
      (request) => {
        const verdict = verifyRequest(request, () => undefined, 0);
        const rcode = verdict.kind === 'unsigned' ? rcodeWithoutKey : Rcode.NOTAUTH;
        return signReply(answerTo(request, { rcode }), verdict, 0);
      };
    const unserved = setUp({ answers: rejecting(Rcode.REFUSED), key });
    assert.equal(await unserved.find('home.other.test'), 'DNS_NO_ZONE');
    const served = setUp({ answers: rejecting(Rcode.NOERROR), key });
    assert.equal(await served.find('home.example.test'), 'DNS_KEY_REJECTED');
  });

  it('is a fault where the server only passes on what others say', async () => {
    const { find, faultOf } = setUp({
      answers: (request) => answerTo(request, { aa: false, authorities: [soaRecord('example.test')] }),
    });
    assert.equal(await find('home.example.test'), 'DNS_NOT_AUTHORITATIVE');
    assert.match(
      await faultOf('home.example.test'),
      /192\.0\.2\.53:53 serves no zone that holds home\.example\.test/,
    );
  });

  it('is a fault where the server does not understand the question', async () => {
    const { find } = setUp({ answers: (request) => answerTo(request, { rcode: Rcode.NOTIMP }) });
    assert.equal(await find('home.example.test'), 'DNS_BAD_MESSAGE');
  });
});

describe('what was found out', () => {
  it('is remembered for an hour', async () => {
    const { find, asked, clock } = setUp();
    await find('home.example.test');
    await clock.advance(HOUR - 1);
    assert.equal(await find('home.example.test'), 'example.test at 192.0.2.53:53');
    assert.equal(asked.length, 1);
    await clock.advance(1);
    await find('home.example.test');
    assert.equal(asked.length, 2);
  });

  it('is remembered for a minute when it was a refusal', async () => {
    const { find, asked, clock } = setUp();
    await find('home.other.test');
    await clock.advance(MINUTE - 1);
    assert.equal(await find('home.other.test'), 'DNS_NO_ZONE');
    assert.equal(asked.length, 1);
    await clock.advance(1);
    await find('home.other.test');
    assert.equal(asked.length, 2);
  });

  it('is not remembered when nothing was found out', async () => {
    let running = false;
    const { find, clock } = setUp({
      answers: (request, name) => (running ? primaryOfExample(request, name) : { kind: 'silent' }),
    });
    const found = find('home.example.test');
    await clock.advance(DEADLINE);
    assert.equal(await found, 'DNS_TIMEOUT');
    running = true;
    assert.equal(await find('home.example.test'), 'example.test at 192.0.2.53:53');
  });

  describe('is asked for again, for all names of the zone and no others,', () => {
    const names = ['a.one.test', 'b.one.test', 'a.two.test'];
    /** Looks all names up, has a primary fail, and gives the names about which it is asked anew. */
    async function askedAnewAfter(
      code: DnsFaultCode,
      serves: (name: string) => string,
      configured: readonly string[] = [],
    ): Promise<readonly string[]> {
      let parent = (name: string) => name.slice(name.indexOf('.') + 1);
      const { directory, find, asked } = setUp({
        answers: (request, name) => answerTo(request, { authorities: [soaRecord(parent(name))] }),
        configured,
      });
      for (const name of names) await find(name);
      parent = serves;
      const home = await directory.find(domainName('a.one.test'), DEADLINE);
      assert.ok(home.ok);
      await directory.forgetIfStale(home.value, new DnsFault(code, 'told to fail'), DEADLINE);
      asked.length = 0;
      for (const name of names) await find(name);
      return asked;
    }
    const still = () => 'one.test';

    for (const code of ['DNS_NOT_AUTHORITATIVE', 'DNS_DELEGATED'] as const) {
      it(`when its primary says ${code}`, async () => {
        assert.deepEqual(await askedAnewAfter(code, still), ['a.one.test', 'b.one.test']);
      });
    }

    it('when its primary rejects the key, and serves the zone above in its place', async () => {
      assert.deepEqual(await askedAnewAfter('DNS_KEY_REJECTED', () => 'test'), ['a.one.test', 'b.one.test']);
    });

    it('but not when it rejects the key for the zone that it serves, nor for other faults', async () => {
      assert.deepEqual(await askedAnewAfter('DNS_KEY_REJECTED', still), []);
      assert.deepEqual(await askedAnewAfter('DNS_TIMEOUT', () => 'test'), []);
    });

    it('but not where it is configured', async () => {
      assert.deepEqual(await askedAnewAfter('DNS_NOT_AUTHORITATIVE', still, ['one.test', 'two.test']), []);
    });
  });
});

describe('searches at once', () => {
  it('for one name are one question, for two names two', async () => {
    const { find, asked } = setUp();
    const names = [...Array.from({ length: 50 }, () => 'a.example.test'), 'b.example.test'];
    const found = await Promise.all(names.map((name) => find(name)));
    assert.deepEqual(new Set(found), new Set(['example.test at 192.0.2.53:53']));
    assert.deepEqual(asked, ['a.example.test', 'b.example.test']);
  });

  it('end at the deadline of each, also for one that has less time than the first', async () => {
    const { find, clock } = setUp({ answers: () => ({ kind: 'silent' }) });
    const late: string[] = [];
    const timed = async (time: number) => {
      const outcome = await find('home.example.test', time);
      if (clock.monotonic() > time) late.push(`${time} became ${clock.monotonic()}`);
      return outcome;
    };
    const outcomes = Promise.all([2 * SECOND, SECOND, 3 * SECOND].map(timed));
    await clock.advance(5 * SECOND);
    assert.deepEqual(await outcomes, ['DNS_TIMEOUT', 'DNS_TIMEOUT', 'DNS_TIMEOUT']);
    assert.deepEqual(late, []);
  });
});
