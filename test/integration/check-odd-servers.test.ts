import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { describe, it, type TestContext } from 'node:test';
import { Opcode, Rcode, RrClass, RrType } from '../../src/adapters/dns-wire/constants.ts';
import { type Message, parseMessage } from '../../src/adapters/dns-wire/message.ts';
import type { OutgoingMessage } from '../../src/adapters/dns-wire/write-message.ts';
import { Rfc2136PrimaryProbe } from '../../src/adapters/rfc2136/probe/rfc2136-primary-probe.ts';
import { SystemClock } from '../../src/adapters/system/system-clock.ts';
import { DEFAULT_SETTINGS, type Primary } from '../../src/application/manage/settings.ts';
import type { ProbeResult } from '../../src/application/ports/primary-probe.ts';
import { domainName } from '../../src/domain/domain-name.ts';
import { addressRecord, answerTo, nameRecord, sign, soaRecord } from '../support/dns-answers.ts';
import { KEYS } from '../support/name-servers/keys.ts';
import { type Request, ScriptedNameServer } from '../support/scripted-name-server.ts';

const ZONE = domainName('example.org');
const HOME = domainName('home.example.org');
const KEY = KEYS.sha256;

/** What a server says of its own to a request; `undefined` leaves it to a primary without fault. */
type Oddity = (request: Request) => Partial<OutgoingMessage> | 'unsigned' | 'forged' | undefined;

/** A primary of {@link ZONE} that is as it should be. It hides its version. */
function sane({ message }: Request): Partial<OutgoingMessage> {
  const [question] = message.questions;
  if (question?.class === RrClass.CH) return { rcode: Rcode.REFUSED, aa: false };
  if (message.opcode === Opcode.UPDATE) return {};
  return question?.name === ZONE && question.type === RrType.SOA
    ? { answers: [soaRecord(ZONE)] }
    : { authorities: [soaRecord(ZONE)] };
}

function answerOf(request: Request, oddity: Oddity): Buffer {
  const { message } = request;
  const odd = oddity(request);
  const answer = answerTo(message, odd === undefined || typeof odd === 'string' ? sane(request) : odd);
  if (message.tsig === undefined || odd === 'unsigned') return answer;
  return sign(answer, message, odd === 'forged' ? { ...KEY, secret: Buffer.alloc(32, 9) } : KEY);
}

/** Probes {@link HOME} at such a server; no message to it may have the power to change anything. */
async function probe(
  oddity: Oddity,
  primary: Partial<Primary> = {},
  options = { secondaries: false },
): Promise<ProbeResult & { readonly requests: readonly Request[] }> {
  const server = await ScriptedNameServer.start({
    onRequest: (request) => [{ send: answerOf(request, oddity) }],
  });
  try {
    const result = await probeAt({ ...primary, socket: server.socket }, options);
    for (const { message } of server.requests) assertHarmless(message);
    return { ...result, requests: server.requests };
  } finally {
    await server.stop();
  }
}

async function probeAt(
  primary: Pick<Primary, 'socket'> & Partial<Primary>,
  { secondaries } = { secondaries: false },
): Promise<ProbeResult> {
  const prober = new Rfc2136PrimaryProbe(new SystemClock());
  try {
    return await prober.probe(
      { ...DEFAULT_SETTINGS.dns, tsig: KEY, ...primary },
      { name: HOME, zone: ZONE, types: ['A', 'AAAA'] },
      { secondaries },
    );
  } finally {
    prober.close();
  }
}

/** RFC 2136 section 2.5.4: nothing is added, no RRset and no name is deleted, only single RRs. */
function assertHarmless({ opcode, answers, authorities }: Message): void {
  if (opcode !== Opcode.UPDATE) return;
  for (const { class: rrClass, rdata } of authorities) {
    assert.equal(rrClass, RrClass.NONE);
    assert.ok(rdata.length > 0);
    // It is not among what must be there for the deletion to happen.
    assert.ok(!answers.some((required) => required.rdata.equals(rdata)));
  }
}

/** What is found where the zone names a name server outside of it, about whose addresses resolvers say this. */
async function probeSecondary(context: TestContext, said: string): Promise<ProbeResult> {
  for (const method of ['resolve4', 'resolve6'] as const) {
    context.mock.method(Resolver.prototype, method, () =>
      Promise.reject(Object.assign(new Error(said), { code: said })),
    );
  }
  const oddity: Oddity = (request) => {
    if (isQuery(request, RrType.NS)) return { answers: [nameRecord(ZONE, RrType.NS, 'ns.example.net')] };
    const isOutside = request.message.questions[0]?.name === 'ns.example.net';
    return isOutside ? { rcode: Rcode.REFUSED, aa: false } : undefined;
  };
  return probe(oddity, {}, { secondaries: true });
}

const codes = ({ findings }: ProbeResult): string[] => findings.map(({ cause }) => cause.code);
const isQuery = ({ message }: Request, type: number): boolean =>
  message.opcode === Opcode.QUERY && message.questions[0]?.type === type;
const isUpdate = ({ message }: Request): boolean => message.opcode === Opcode.UPDATE;

describe('a check of a server', () => {
  it('that is as it should be: nothing is found, and single RRs are deleted in vain', async () => {
    const { findings, zone, requests } = await probe(() => undefined);
    assert.deepEqual([findings, zone], [[], ZONE]);
    const deletions = requests.filter(isUpdate).flatMap(({ message }) => message.authorities);
    assert.deepEqual(
      deletions.map(({ name, type }) => [name, type]),
      [
        [HOME, RrType.A],
        [HOME, RrType.AAAA],
      ],
    );
  });

  it('that has addresses already: they must all be there, and another is deleted', async () => {
    const present = ['198.18.0.1', '192.0.2.7'].map((text) => addressRecord(HOME, text));
    const { findings, requests } = await probe((request) =>
      isQuery(request, RrType.A) ? { answers: present } : undefined,
    );
    assert.deepEqual(findings, []);
    const [first] = requests.filter((request) => isUpdate(request) && request.message.answers.length > 0);
    assert.deepEqual(
      first?.message.answers.map(({ rdata, class: rrClass }) => [rrClass, [...rdata]]),
      present.map(({ rdata }) => [RrClass.IN, [...rdata]]),
    );
  });

  it('that has only a wildcard there: then nothing must be there', async () => {
    const { findings, requests } = await probe((request) => {
      if (isQuery(request, RrType.A)) return { answers: [addressRecord(HOME, '192.0.2.7')] };
      const requires = isUpdate(request) && request.message.answers.some(({ rdata }) => rdata.length > 0);
      return requires ? { rcode: Rcode.NXRRSET } : undefined;
    });
    assert.deepEqual(findings, []);
    assert.equal(requests.filter(isUpdate).length, 2 + 3);
  });

  it('whose records others change without end: they can be changed', async () => {
    const { findings } = await probe((request) =>
      isUpdate(request) && request.message.answers.length > 0 ? { rcode: Rcode.YXRRSET } : undefined,
    );
    assert.deepEqual(findings, []);
  });

  it('that fails: that is said, after it was asked again', async () => {
    const result = await probe((request) =>
      isQuery(request, RrType.SOA) ? { rcode: Rcode.SERVFAIL, aa: false } : undefined,
    );
    assert.deepEqual(codes(result), ['server-failure']);
    assert.equal(result.requests.filter((request) => isQuery(request, RrType.SOA)).length, 3);
  });

  it('that fails once: nothing is found', async () => {
    const failed = new Set<number>();
    const { findings } = await probe((request) => {
      const what = request.message.opcode;
      if (failed.has(what)) return undefined;
      failed.add(what);
      return { rcode: Rcode.SERVFAIL };
    });
    assert.deepEqual(findings, []);
  });

  it('that answers signed queries unsigned: not verified', async () => {
    assert.deepEqual(codes(await probe(() => 'unsigned')), ['not-verified']);
  });

  it('that signs with another secret than it verifies: not verified', async () => {
    assert.deepEqual(codes(await probe(() => 'forged')), ['not-verified']);
  });

  it('that verifies queries and signs no answer to an update: not verified', async () => {
    const result = await probe((request) => (isUpdate(request) ? 'unsigned' : undefined));
    assert.deepEqual(codes(result), ['not-verified']);
  });

  it('that says that our messages have no form: an odd answer, which is named', async () => {
    const result = await probe(() => ({ rcode: Rcode.FORMERR, aa: false }));
    assert.deepEqual(codes(result), ['odd-answer']);
    assert.match(result.findings[0]?.problem ?? '', /FORMERR/);
  });

  it('that has a DNAME above the name: an alias', async () => {
    const { findings } = await probe((request) => {
      if (!isQuery(request, RrType.SOA) || request.message.questions[0]?.name !== HOME) return undefined;
      return {
        answers: [
          nameRecord(ZONE, RrType.DNAME, 'example.net'),
          nameRecord(HOME, RrType.CNAME, 'home.example.net'),
        ],
      };
    });
    assert.deepEqual(
      findings.map(({ cause }) => cause),
      [{ code: 'alias', at: ZONE, type: 'DNAME', to: 'example.net' }],
    );
  });

  for (const owner of ['', 'org']) {
    it(`that refers upwards, to ${owner === '' ? 'the root' : owner}: not authoritative`, async () => {
      const result = await probe(() => ({
        aa: false,
        authorities: [nameRecord(owner, RrType.NS, 'ns.example.net')],
      }));
      assert.deepEqual(codes(result), ['not-authoritative']);
    });
  }

  it('that refers to others for the zone itself: delegated, and to whom', async () => {
    const { findings } = await probe(() => ({
      aa: false,
      authorities: [nameRecord(ZONE, RrType.NS, 'ns.example.net')],
    }));
    assert.deepEqual(findings[0]?.cause, { code: 'delegated-elsewhere', to: ZONE });
    assert.match(findings[0]?.problem ?? '', /ns\.example\.net/);
  });

  it('whose SOA record cannot be read: not authoritative', async () => {
    const broken = { ...soaRecord(ZONE), rdata: Buffer.from([1]) };
    const result = await probe((request) =>
      isQuery(request, RrType.SOA) ? { answers: [broken] } : undefined,
    );
    assert.deepEqual(codes(result), ['not-authoritative']);
  });

  it('that refuses every update, of a zone that names another primary: both are said', async () => {
    const { findings } = await probe((request) => (isUpdate(request) ? { rcode: Rcode.REFUSED } : undefined));
    assert.equal(findings[0]?.cause.code, 'refuses-updates');
    assert.match(findings[0]?.problem ?? '', /names ns1\.example\.org as the primary/);
  });

  it('that hides its version: the cure speaks of no product', async () => {
    const { findings } = await probe((request) => (isUpdate(request) ? { rcode: Rcode.REFUSED } : undefined));
    assert.doesNotMatch(findings[0]?.cure ?? '', /named\.conf|knot\.conf|pdnsutil/);
  });

  for (const said of ['ENOTFOUND', 'ENODATA']) {
    it(`that names a name server without an address (${said}): the NS record is to be corrected`, async (t) => {
      const { findings } = await probeSecondary(t, said);
      const [first] = findings;
      assert.deepEqual(first?.cause, { code: 'secondary-unknown', secondary: 'ns.example.net' });
      assert.equal(first?.severity, 'warning');
      assert.match(
        first?.problem ?? '',
        /names ns\.example\.net as a name server of example\.org, but no address of ns\.example\.net was found, so it was not compared$/,
      );
      assert.equal(first?.cure, 'correct the NS record, or give the host an address');
      assert.equal(findings.length, 1);
    });
  }

  it('that names a name server, where no resolver answers: that is said too', async (t) => {
    const { findings } = await probeSecondary(t, 'ETIMEOUT');
    assert.match(findings[0]?.problem ?? '', /was found \(the resolver of this machine: ETIMEOUT\), so /);
    assert.match(
      findings[0]?.cure ?? '',
      /^if it has an address, let this machine look it up .*; else correct the NS/,
    );
  });

  it('that truncates every answer by UDP: it is asked by TCP', async () => {
    const { findings, requests } = await probe(
      (request) => (request.via === 'udp' ? { tc: true } : undefined),
      { transport: 'udp' },
    );
    assert.deepEqual(findings, []);
    assert.ok(requests.some(({ via }) => via === 'udp'));
  });

  it('that is reached by UDP and not by TCP: unreachable, and that is said', async () => {
    const udp = createSocket('udp4');
    udp.on('message', (octets, { address, port }) => {
      const message = parseMessage(octets);
      udp.send(
        answerOf({ message, via: 'udp', index: 0 }, () => undefined),
        port,
        address,
      );
    });
    udp.bind(0, '127.0.0.1');
    await once(udp, 'listening');
    const socket = { address: { family: 'ipv4', text: '127.0.0.1' }, port: udp.address().port } as const;
    try {
      const result = await probeAt({ socket });
      assert.deepEqual(codes(result), ['unreachable']);
      assert.match(result.findings[0]?.problem ?? '', /by TCP, but it answers by UDP/);
      assert.match(result.findings[0]?.cure ?? '', /type: dynonym configure dns --transport udp$/);
      assert.deepEqual(codes(await probeAt({ socket, transport: 'udp' })), []);
    } finally {
      udp.close();
    }
  });

  it('that sends octets that are no DNS message: not DNS', async () => {
    const server = await ScriptedNameServer.start({
      onRequest: ({ message }) => {
        const broken = answerTo(message);
        broken.writeUInt16BE(9, 4);
        return [{ send: broken }];
      },
    });
    try {
      assert.deepEqual(codes(await probeAt({ socket: server.socket })), ['not-dns']);
    } finally {
      await server.stop();
    }
  });
});
