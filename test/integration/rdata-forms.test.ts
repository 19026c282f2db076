import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { Opcode, RrClass, RrType, rcodeText, typeFromText } from '../../src/adapters/dns-wire/constants.ts';
import { FrameReader, frame } from '../../src/adapters/dns-wire/frame-reader.ts';
import { isSignature } from '../../src/adapters/dns-wire/rdata-forms.ts';
import { writeMessage } from '../../src/adapters/dns-wire/write-message.ts';
import { isDataType } from '../../src/adapters/name-server/zone-rules.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { fuzzRuns } from '../support/fuzz-runs.ts';
import { startBind } from '../support/name-servers/bind.ts';
import type { NameServer } from '../support/name-servers/name-server.ts';
import { DYN_ZONE } from '../support/name-servers/zones.ts';
import { Random } from '../support/random.ts';
import { RDATA_SAMPLES } from '../support/rdata-samples.ts';
import { runProcess } from '../support/run-process.ts';
import { NameServerBench } from '../support/served/name-server-bench.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { toolPath } from '../support/tools.ts';
import { textOf } from '../support/zone-of.ts';

const APEX = '$TTL 300\n@ SOA ns1 hostmaster 1 3600 600 86400 60\n@ NS ns1\nns1 A 192.0.2.1\n';
const EVERYBODY = { key: undefined, networks: [], names: [], subtrees: [], types: [] };
/** Broken forms of each sample, beside its beginnings. */
const CHANGES = fuzzRuns(16);
/** BIND takes 100 updates at a time. */
const AT_ONCE = 50;

/** The octets of a sample, by BIND's own tool. */
async function octetsOf(type: string, words: string): Promise<Buffer> {
  const { stdout, stderr } = await runProcess(toolPath('named-rrchecker'), ['-u'], {
    stdin: `IN ${type} ${words}\n`,
  });
  const [, hex] = /\\#\s+\d+([\s\da-f()]*)/i.exec(stdout) ?? [];
  assert.ok(hex !== undefined, `${type} ${words}: ${stderr}`);
  return Buffer.from(hex.replaceAll(/[\s()]/g, ''), 'hex');
}

/** `rdata`, its beginnings, itself with something behind, and itself with an octet changed. */
function* variantsOf(rdata: Buffer, random: Random): Generator<Buffer> {
  yield rdata;
  for (let end = 0; end < rdata.length; end += end < 12 ? 1 : 7) yield rdata.subarray(0, end);
  for (const octet of [0, 1, 255]) yield Buffer.concat([rdata, Buffer.of(octet)]);
  for (let change = 0; change < (rdata.length === 0 ? 0 : CHANGES); change += 1) {
    const copy = Buffer.from(rdata);
    const at = random.below(change % 2 === 0 ? copy.length : Math.min(8, copy.length));
    copy[at] = random.pick([
      (copy[at] ?? 0) ^ (1 << random.below(8)),
      0,
      1,
      3,
      63,
      192,
      255,
      random.below(256),
    ]);
    yield copy;
  }
}

/** Sends messages over one connection, and gives the RCODE of each. */
async function rcodesOf(socket: Socket, messages: readonly Buffer[]): Promise<readonly number[]> {
  const rcodes: number[] = [];
  const reader = new FrameReader();
  let sent = 0;
  let answered = 0;
  return new Promise((resolve, reject) => {
    const send = () => {
      for (; sent < messages.length && sent - answered < AT_ONCE; sent += 1) {
        socket.write(frame(messages[sent] ?? assert.fail()));
      }
      if (answered === messages.length) resolve(rcodes);
    };
    socket.on('data', (chunk) => {
      for (const reply of reader.push(chunk)) {
        rcodes[reply.readUInt16BE(0)] = reply.readUInt8(3) & 0xf;
        answered += 1;
      }
      send();
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('BIND has closed the connection')));
    send();
  });
}

describeWithTools(
  'RDATA of every type that BIND knows',
  ['named', 'named-rrchecker', 'named-checkzone'],
  () => {
    let bind: NameServer;
    before(async () => {
      bind = await startBind({ updateKeys: [] });
    });
    after(() => bind.stop());

    it('is among the samples', async () => {
      const { stdout } = await runProcess(toolPath('named-rrchecker'), ['-T']);
      const samples = new Set(RDATA_SAMPLES.map(([type]) => type));
      assert.deepEqual(
        stdout.split(/\s+/).filter((type) => type !== '' && !samples.has(type)),
        [],
      );
    });

    it('is taken in an UPDATE where BIND takes it, and never where BIND says FORMERR', async () => {
      const bench = new NameServerBench({ [DYN_ZONE]: APEX }, { [DYN_ZONE]: { updates: [EVERYBODY] } });
      const random = new Random(11);
      const cases: { type: number; sample: string; isValid: boolean; octets: Buffer; message: Buffer }[] = [];
      for (const [name, words] of RDATA_SAMPLES) {
        const type = typeFromText(name) ?? assert.fail(name);
        let isValid = true;
        for (const octets of variantsOf(await octetsOf(name, words), random)) {
          const message = writeMessage({
            id: cases.length,
            opcode: Opcode.UPDATE,
            question: { name: DYN_ZONE, type: RrType.SOA, class: RrClass.IN },
            authorities: [
              { name: `x${cases.length}.${DYN_ZONE}`, type, class: RrClass.IN, ttl: 60, rdata: octets },
            ],
          });
          cases.push({ type, sample: `${name} ${words}`, isValid, octets, message });
          isValid = false;
        }
      }
      const socket = connect(bind.socket.port, '127.0.0.1');
      const theirs = await rcodesOf(
        socket,
        cases.map(({ message }) => message),
      );
      socket.destroy();

      const wrong: string[] = [];
      for (const [index, { type, sample, isValid, octets, message }] of cases.entries()) {
        const ours = rcodeText((await bench.send(message)).readUInt8(3) & 0xf);
        const bindSays = rcodeText(theirs[index] ?? assert.fail());
        // What zones that dynonym serves do not hold: docs/name-server.md.
        const isRefused = isSignature(type) || !isDataType(type);
        const isRight =
          bindSays === 'FORMERR' || isRefused
            ? ours === 'FORMERR' || ours === 'REFUSED'
            : !isValid || ours === 'NOERROR';
        if (!isRight) wrong.push(`${sample} as ${octets.toString('hex')}: BIND ${bindSays}, dynonym ${ours}`);
      }
      assert.deepEqual(wrong, []);

      // A secondary loads what came of it, and so does dynonym.
      const [zone] = bench.store.zones;
      assert.ok(zone !== undefined);
      const text = textOf(zone);
      const path = join(tempFolder(), 'all.zone');
      writeFileSync(path, text);
      const args = ['-k', 'ignore', '-i', 'local', DYN_ZONE, path];
      const { status, stdout } = await runProcess(toolPath('named-checkzone'), args);
      assert.equal(status, 0, stdout);
      const [copy] = new NameServerBench({ [DYN_ZONE]: text }).store.zones;
      assert.ok(copy !== undefined);
      assert.equal(textOf(copy), text);
    });
  },
);
