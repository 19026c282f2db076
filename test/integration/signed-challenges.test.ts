import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { after, before, test } from 'node:test';
import { rcodeText } from '../../src/adapters/dns-wire/constants.ts';
import { parseMessage } from '../../src/adapters/dns-wire/message.ts';
import { encodeName } from '../../src/adapters/dns-wire/name.ts';
import { signMessage, verifyResponse } from '../../src/adapters/dns-wire/tsig.ts';
import { render } from '../../src/adapters/snippets/client.ts';
import { SIGNED } from '../../src/adapters/snippets/signed.ts';
import { domainName } from '../../src/domain/domain-name.ts';
import type { TsigAlgorithm, TsigKey } from '../../src/domain/tsig-key.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { dig } from '../support/name-servers/dig.ts';
import { secretText } from '../support/name-servers/keys.ts';
import { nsupdate } from '../support/name-servers/nsupdate.ts';
import { runProcess } from '../support/run-process.ts';
import { type Served, startServed } from '../support/served/start-served.ts';
import { EXAMPLE_ZONE } from '../support/served/zones.ts';
import { tempFolder } from '../support/temp-folder.ts';

const HOME = domainName('home.example.org');
const CHALLENGE = domainName('_acme-challenge.home.example.org');
const VALUES = ['A', 'B'].map((letter) => letter.repeat(43));
const [ONE = '', TWO = ''] = VALUES;

const keyWith = (algorithm: TsigAlgorithm): TsigKey => ({
  name: domainName(`acme-${algorithm}`),
  algorithm,
  secret: Buffer.alloc(32, 7),
});
const KEY = keyWith('hmac-sha256');
/** What lego, and what certbot and cert-manager sign with when nothing else is configured. */
const DEFAULTS = [keyWith('hmac-sha1'), keyWith('hmac-md5')];

const u16 = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]);
const u32 = (value: number): Buffer => Buffer.concat([u16(value >>> 16), u16(value & 0xffff)]);

/** TXT with one string, without name compression, as the DNS library of Go programs writes it. */
const txt = (rrClass: number, ttl: number, value: string): Buffer => {
  const text = Buffer.from(value);
  const rdata = Buffer.concat([Buffer.from([text.length]), text]);
  return Buffer.concat([encodeName(CHALLENGE), u16(16), u16(rrClass), u32(ttl), u16(rdata.length), rdata]);
};
const insert = (ttl: number) => (value: string) => txt(1, ttl, value);
const remove = (value: string) => txt(254, 0, value);

let lastId = 0;

/** An UPDATE of `example.org` with these records: no flag is set, and the zone is all of the question. */
const update = (...records: readonly Buffer[]): Buffer =>
  Buffer.concat([
    ...[++lastId, 0x2800, 1, 0, records.length, 0].map(u16),
    ...[encodeName('example.org'), u16(6), u16(1)],
    ...records,
  ]);

/** cert-manager and Caddy (libdns/rfc2136): what they send to present and to clean up, and how. */
const GO_PROGRAMS = [
  { program: 'cert-manager', transport: 'udp', add: insert(60) },
  { program: 'cert-manager with protocol: TCP', transport: 'tcp', add: insert(60) },
  { program: 'Caddy', transport: 'tcp', add: insert(0) },
] as const;

describeWithTools('challenges by signed updates of our own name server:', ['dig', 'nsupdate'], () => {
  let served: Served;
  before(async () => {
    const right = { networks: [], names: [CHALLENGE], subtrees: [], types: [16] };
    const updates = [KEY, ...DEFAULTS].map((key) => ({ ...right, key }));
    served = await startServed({ 'example.org': EXAMPLE_ZONE }, { 'example.org': { updates } });
  });
  after(() => served.stop());

  const values = async () =>
    (await dig(served.socket, CHALLENGE, 'TXT')).answers.map(({ data }) => data).toSorted();
  const quoted = (...texts: readonly string[]) => texts.map((text) => `"${text}"`);

  /** The RCODE of an answer that is signed as it should be. */
  async function send(message: Buffer, key: TsigKey, transport: 'udp' | 'tcp'): Promise<string> {
    const time = Math.floor(Date.now() / 1000);
    const { octets, mac } = signMessage(message, key, { time });
    const answer = parseMessage(await exchanged(octets, transport, served.socket.port));
    const verdict = verifyResponse(answer, key, { requestMac: mac, time });
    return verdict.kind === 'verified'
      ? rcodeText(answer.rcode)
      : `${rcodeText(answer.rcode)}, ${verdict.kind}`;
  }

  for (const { program, transport, add } of GO_PROGRAMS) {
    test(`${program} adds a value beside another one, and removes its own alone`, async () => {
      assert.equal(await send(update(add(ONE)), KEY, transport), 'NOERROR');
      assert.equal(await send(update(add(TWO)), KEY, transport), 'NOERROR');
      assert.deepEqual(await values(), quoted(ONE, TWO));
      assert.equal(await send(update(remove(ONE)), KEY, transport), 'NOERROR');
      assert.deepEqual(await values(), quoted(TWO));
      assert.equal(await send(update(remove(TWO)), KEY, transport), 'NOERROR');
      assert.deepEqual(await values(), []);
    });
  }

  for (const key of DEFAULTS) {
    test(`a program that signs with ${key.algorithm} needs a key of that algorithm`, async () => {
      assert.equal(await send(update(insert(60)(ONE)), key, 'udp'), 'NOERROR');
      assert.equal(await send(update(remove(ONE)), key, 'udp'), 'NOERROR');
      const mistaken = { ...KEY, algorithm: key.algorithm };
      assert.equal(await send(update(insert(60)(ONE)), mistaken, 'udp'), 'NOTAUTH, unauthenticated');
      assert.deepEqual(await values(), []);
    });
  }

  test('acme.sh (dns_nsupdate) adds a value, and deletes all of them at the end, with what its snippet says', async () => {
    const snippet = SIGNED.find(({ id }) => id === 'acme.sh') ?? assert.fail();
    const url = new URL('https://ddns.example.org');
    const account = { url, user: KEY.name, domains: [HOME], nameServer: served.socket };
    const folder = tempFolder();
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    const server = 'server $NSUPDATE_SERVER  $NSUPDATE_SERVER_PORT';
    const acmesh = (line: string) => {
      const script = `#!/bin/sh\nnsupdate -k "$NSUPDATE_KEY" <<EOF\n${server}\n${line}\nsend\nEOF\n`;
      writeFileSync(join(bin, 'acme.sh'), script);
      chmodSync(join(bin, 'acme.sh'), 0o700);
      const text = render(snippet, account).replace('PASSWORD', secretText(KEY));
      const PATH = `${bin}${delimiter}${process.env['PATH']}`;
      return runProcess('sh', ['-ec', text], { cwd: folder, env: { PATH } });
    };
    for (const value of VALUES) {
      const { status, stderr } = await acmesh(`update add ${CHALLENGE}. 60 in txt "${value}"`);
      assert.equal(status, 0, stderr);
    }
    assert.deepEqual(await values(), quoted(ONE, TWO));
    const { status, stderr } = await acmesh(`update delete ${CHALLENGE}. txt`);
    assert.equal(status, 0, stderr);
    assert.deepEqual(await values(), []);
  });

  for (const [what, script] of [
    ['an address of the name', `update add ${HOME} 60 A 192.0.2.1`],
    ['TXT of the name itself', `update add ${HOME} 60 TXT value`],
    ['another type of the challenge name', `update add ${CHALLENGE} 60 CNAME example.net.`],
    ['all types of the challenge name', `update delete ${CHALLENGE}`],
    ['the challenge of another name', 'update add _acme-challenge.www.example.org 60 TXT value'],
    ['a name below', `update add x.${CHALLENGE} 60 TXT value`],
    ['one of two', `update add ${CHALLENGE} 60 TXT value\nupdate add ${HOME} 60 A 192.0.2.1`],
  ] as const) {
    test(`the key of a challenge does not change ${what}`, async () => {
      assert.equal(await nsupdate(served.socket, `zone example.org\n${script}`, KEY), 'REFUSED');
      assert.deepEqual(await values(), []);
    });
  }

  test('a search for the zone from the challenge name upwards ends at an authoritative SOA', async () => {
    for (const name of [CHALLENGE, HOME]) {
      const { rcode, aa, answers } = await dig(served.socket, name, 'SOA');
      assert.deepEqual([rcode, aa, answers], ['NXDOMAIN', true, []]);
    }
    const { rcode, aa, answers } = await dig(served.socket, 'example.org', 'SOA');
    assert.deepEqual([rcode, aa, answers.length], ['NOERROR', true, 1]);
  });
});

async function exchanged(octets: Buffer, transport: 'udp' | 'tcp', port: number): Promise<Buffer> {
  if (transport === 'udp') {
    const socket = createSocket('udp4');
    socket.send(octets, port, '127.0.0.1');
    const [answer] = (await once(socket, 'message')) as [Buffer];
    socket.close();
    return answer;
  }
  const connection = connect(port, '127.0.0.1');
  connection.write(Buffer.concat([u16(octets.length), octets]));
  let received = Buffer.alloc(0);
  for await (const piece of connection) {
    received = Buffer.concat([received, piece]);
    if (received.length > 2 && received.length >= 2 + received.readUInt16BE(0)) break;
  }
  return received.subarray(2);
}
