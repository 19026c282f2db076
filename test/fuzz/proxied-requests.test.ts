import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, it } from 'node:test';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { freePort } from '../support/free-port.ts';
import { fuzzRuns } from '../support/fuzz-runs.ts';
import { Random } from '../support/random.ts';
import { REVERSE_PROXIES, type ReverseProxy } from '../support/reverse-proxies.ts';
import { ServedProgram } from '../support/served-program.ts';
import { lastRequest, oddRequest } from './odd-requests.ts';

/** Of each proxy. */
const REQUESTS = fuzzRuns(1_000, 25_000);
const AT_ONCE = 20;
/** Odd requests of a connection at most. */
const PIPELINED = 3;
/** Milliseconds without an octet after which a client leaves. A proxy may wait for the rest of a broken request. */
const SILENCE = 500;

for (const [name, startProxy] of Object.entries(REVERSE_PROXIES)) {
  describeWithTools(`odd requests behind ${name}`, [name as keyof typeof REVERSE_PROXIES], () => {
    let program: ServedProgram;
    let proxy: ReverseProxy | undefined;

    before(async () => {
      program = await ServedProgram.start(`
[http]
socket = "127.0.0.1:0"
trusted_proxies = ["127.0.0.1/32"]
[dns]
socket = "127.0.0.1:${await freePort()}"
zones = ["example.org"]
`);
      proxy = await startProxy(Number(new URL(program.urls[0] ?? '').port));
    });
    after(async () => {
      await proxy?.stop();
      await program.stop();
    });

    it(`show no client for another in ${REQUESTS} requests`, async () => {
      const random = new Random(20_261_128);
      const wrong: string[] = [];
      let sent = 0;
      let shown = 0;
      const runClient = async () => {
        // Not 127.0.0.1, which is the proxy.
        const sender = `127.${1 + random.below(250)}.${random.below(250)}.${1 + random.below(250)}`;
        const odd = Array.from({ length: 1 + random.below(PIPELINED) }, () => oddRequest(random, sender));
        sent += odd.length;
        const answers = await exchange(proxy?.port ?? 0, sender, odd.join('') + lastRequest(sender));
        for (const address of addressesIn(answers)) {
          shown += 1;
          if (address !== sender) wrong.push(`${sender} was told ${address} after ${odd.join('')}`);
        }
      };
      // A busy machine leaves some clients without answers. Enough have to get theirs.
      const isEnough = () => sent >= REQUESTS && shown >= REQUESTS / 10;
      while (!isEnough() && sent < 10 * REQUESTS)
        await Promise.all(Array.from({ length: AT_ONCE }, runClient));
      assert.deepEqual(wrong, []);
      assert.ok(shown >= REQUESTS / 10, `${shown} of ${sent}`);

      const lines = program.process.stderr.split('\n').filter((line) => line.includes('"program":"127.'));
      assert.ok(lines.length > REQUESTS / 100, `${lines.length} updates in the log`);
      for (const line of lines) {
        const { client, program: sender } = JSON.parse(line);
        // What was folded into the field stands behind the address.
        assert.equal(client, sender.split(' ')[0]);
      }
    });
  });
}

/** All that comes back from the octets until the connection ends, or is silent. */
function exchange(port: number, localAddress: string, octets: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, localAddress });
    let received = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      received += text;
    });
    socket.setTimeout(SILENCE, () => socket.destroy());
    socket.on('error', () => {});
    socket.on('close', () => resolve(received));
    socket.write(octets, 'latin1');
  });
}

/** The addresses in the answers that are 200: no other route than those that tell an address answers so. */
function addressesIn(answers: string): readonly string[] {
  const all = answers.matchAll(/HTTP\/1\.[01] 200 OK\r\n(?:[^\r\n]+\r\n)*\r\n([^\n]*?)(?=\n|HTTP\/1|$)/g);
  return [...all].map(([, body = '']) => body);
}
