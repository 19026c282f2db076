import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { Rcode, RrType } from '../../src/adapters/dns-wire/constants.ts';
import type { Message } from '../../src/adapters/dns-wire/message.ts';
import { rdataOf } from '../../src/adapters/dns-wire/record-value.ts';
import { Rfc2136AuthoritativeServers } from '../../src/adapters/rfc2136/probe/rfc2136-authoritative-servers.ts';
import { SystemClock } from '../../src/adapters/system/system-clock.ts';
import type { Primary } from '../../src/application/manage/settings.ts';
import { serversWithout } from '../../src/application/ports/authoritative-servers.ts';
import { domainName } from '../../src/domain/domain-name.ts';
import { parseSocketAddress, socketText } from '../../src/domain/socket-address.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { MemoryAuthoritativeServers } from '../fakes/memory-authoritative-servers.ts';
import { addressRecord, answerTo, nameRecord, soaRecord } from '../support/dns-answers.ts';
import { valueIn } from '../support/parsed.ts';
import { ScriptedNameServer } from '../support/scripted-name-server.ts';
import { authoritativeServersContract, type Held, SERIAL } from './authoritative-servers.contract.ts';

authoritativeServersContract('MemoryAuthoritativeServers', async (held) => {
  const servers = new MemoryAuthoritativeServers();
  servers.primarySerial = SERIAL;
  const sockets = held.map((_content, index) => valueIn(parseSocketAddress(`127.0.0.1:${index + 1}`)));
  for (const [index, content] of held.entries()) {
    const key = '_acme-challenge.home.example.org TXT';
    const isSilent = content === undefined || content === 'refuses';
    servers.contents.set(`127.0.0.1:${index + 1}`, isSilent ? undefined : new Map([[key, content]]));
    if (!isSilent) servers.serialsOf.set(`127.0.0.1:${index + 1}`, SERIAL);
  }
  return { servers, sockets };
});

authoritativeServersContract('Rfc2136AuthoritativeServers', async (held) => {
  const started = await Promise.all(held.map((content) => start((message) => answerOf(message, content))));
  const { socket } = await start((message) => answerOf(message, []));
  const primary: Primary = { socket, transport: 'tcp', zones: [], tsig: undefined };
  const servers = new Rfc2136AuthoritativeServers(() => primary, new SystemClock());
  return { servers, sockets: started.map(({ socket }) => socket) };
});

async function start(answer: (message: Message) => Buffer | undefined): Promise<ScriptedNameServer> {
  const server = await ScriptedNameServer.start({
    onRequest: ({ message }) => {
      const send = answer(message);
      return send === undefined ? ['close'] : [{ send }];
    },
  });
  after(() => server.stop());
  return server;
}

function answerOf(message: Message, content: Held): Buffer | undefined {
  if (content === undefined) return undefined;
  if (content === 'refuses') return answerTo(message, { rcode: Rcode.REFUSED, aa: false });
  const [question] = message.questions;
  if (question?.type === RrType.SOA) return answerTo(message, { answers: [soaRecord(question.name)] });
  const answers = content.map((value) => ({
    name: question?.name ?? '',
    type: RrType.TXT,
    class: 1,
    ttl: 60,
    rdata: rdataOf(value),
  }));
  return answerTo(message, { answers, rcode: content.length === 0 ? Rcode.NXDOMAIN : Rcode.NOERROR });
}

const ZONE = domainName('example.org');
const VALUE = { family: 'text', text: 'one' } as const;

/** A primary at 127.0.0.1, in whose zone `ns1` is itself and `ns2` has no address. */
function primaryAnswer(message: Message): Buffer | undefined {
  const [question] = message.questions;
  if (question?.type === RrType.NS) {
    const answers = ['ns2', 'ns1'].map((label) => nameRecord(ZONE, RrType.NS, `${label}.example.org`));
    return answerTo(message, { answers });
  }
  if (question?.type === RrType.A && question.name === 'ns1.example.org') {
    return answerTo(message, { answers: [addressRecord('ns1.example.org', '127.0.0.1')] });
  }
  return question?.type === RrType.TXT ? answerOf(message, [VALUE]) : answerTo(message, {});
}

it('Rfc2136AuthoritativeServers finds the servers by the NS records of the primary', async () => {
  const { socket } = await start(primaryAnswer);
  const dead = { address: socket.address, port: 1 };
  const primary: Primary = {
    socket: dead,
    fallbackSockets: [socket],
    transport: 'tcp',
    zones: [],
    tsig: undefined,
  };
  const servers = new Rfc2136AuthoritativeServers(() => primary, new SystemClock());
  const views = await servers.ask({ zone: ZONE, name: ZONE, type: 'TXT', servers: [] });
  assert.deepEqual(
    views.map(({ server, address, answer }) => [server, address?.text, answer.kind]),
    [
      ['ns1.example.org', '127.0.0.1', 'records'],
      ['ns2.example.org', undefined, 'none'],
    ],
  );
  assert.deepEqual(
    serversWithout(views, () => true),
    ['ns2.example.org: its address was not found'],
  );
});

it('Rfc2136AuthoritativeServers asks for the names of the servers once a minute', async () => {
  let asked = 0;
  const { socket } = await start((message) => {
    if (message.questions[0]?.type === RrType.NS) asked += 1;
    return primaryAnswer(message);
  });
  const primary: Primary = { socket, transport: 'tcp', zones: [], tsig: undefined };
  let passed = 0;
  const clock = new (class extends SystemClock {
    override monotonic() {
      return super.monotonic() + passed;
    }
  })();
  const servers = new Rfc2136AuthoritativeServers(() => primary, clock);
  for (passed of [0, 50_000, 70_000]) await servers.serials({ zone: ZONE, servers: [] });
  assert.equal(asked, 2);
});

it('Rfc2136AuthoritativeServers ends its questions when it is closed', async () => {
  const { socket } = await ScriptedNameServer.start({ onRequest: () => [] }).then((server) => {
    after(() => server.stop());
    return server;
  });
  const primary: Primary = { socket, transport: 'tcp', zones: [], tsig: undefined };
  const servers = new Rfc2136AuthoritativeServers(() => primary, new ManualClock());
  const asked = servers.serials({ zone: ZONE, servers: [socket] });
  servers.close();
  assert.deepEqual(await asked, {
    primary: undefined,
    servers: [{ server: socketText(socket), serial: undefined }],
  });
});

it('Rfc2136AuthoritativeServers gives no view where nobody tells the name servers', async () => {
  const { socket } = await start((message) => answerTo(message, { rcode: Rcode.REFUSED, aa: false }));
  const primary: Primary = { socket, transport: 'tcp', zones: [], tsig: undefined };
  const servers = new Rfc2136AuthoritativeServers(() => primary, new SystemClock());
  assert.deepEqual(await servers.ask({ zone: ZONE, name: ZONE, type: 'TXT', servers: [] }), []);
});

it('one address that answers is enough for a server, and no address may show less', () => {
  const view = (server: string, values: readonly string[] | undefined) => ({
    server,
    address: undefined,
    answer:
      values === undefined
        ? ({ kind: 'none', reason: 'no answer' } as const)
        : ({
            kind: 'records',
            recordSet: { type: 'TXT', ttl: 60, values: values.map((text) => ({ family: 'text', text })) },
          } as never),
  });
  const isThere = ({ values }: { readonly values: readonly { text: string }[] }) => values.length > 0;
  assert.deepEqual(serversWithout([view('a', undefined), view('a', ['x'])], isThere), []);
  assert.deepEqual(serversWithout([view('a', []), view('a', ['x'])], isThere), ['a: not there yet']);
  assert.deepEqual(serversWithout([view('a', undefined), view('b', ['x'])], isThere), ['a: no answer']);
});
