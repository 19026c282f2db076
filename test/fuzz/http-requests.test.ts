import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { AbusedProgram, ADMIN, PASSWORD, SECRETS } from '../support/abused-program.ts';
import { fuzzRuns } from '../support/fuzz-runs.ts';
import { Random } from '../support/random.ts';
import { basic, randomRequest, WRONG } from './random-request.ts';

const REQUESTS = fuzzRuns(3_000, 30_000);

describe('a program that gets random requests', { concurrency: false }, () => {
  let program: AbusedProgram;

  before(async () => {
    program = await AbusedProgram.start();
  });
  after(() => program.stop());

  it(`survives ${REQUESTS} random requests`, async () => {
    const random = new Random(20_260_101);
    const statuses = new Map<string, number>();
    /** Whatever comes back until the connection ends, which `Connection: close` or garbage brings about. */
    const send = (octets: Buffer) =>
      new Promise<void>((resolve) => {
        const socket = connect({
          host: '127.0.0.1',
          port: program.port,
          localAddress: `127.0.${random.below(250)}.${1 + random.below(250)}`,
        });
        let received = '';
        socket.setEncoding('latin1');
        socket.on('data', (text: string) => {
          received += text;
        });
        socket.on('error', () => {});
        socket.on('close', () => {
          const status = /^HTTP\/1\.1 (\d{3})/.exec(received)?.[1] ?? 'none';
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
          resolve();
        });
        socket.end(octets);
      });
    for (let sent = 0; sent < REQUESTS; sent += 50) {
      await Promise.all(
        Array.from({ length: Math.min(50, REQUESTS - sent) }, () => send(randomRequest(random))),
      );
      if (sent % 1_000 === 0) await program.assertServes();
    }
    await program.assertServes();
    program.assertMemoryIsBounded();
    assert.ok(
      (statuses.get('400') ?? 0) > 0 && (statuses.get('401') ?? 0) > 0,
      JSON.stringify([...statuses]),
    );
    const broken = program.process.stderr
      .split('\n')
      .filter((line) => line.includes('could not be answered'));
    assert.deepEqual(broken, []);
  });

  it('has told no secret in its log or metrics', async () => {
    const { status } = await fetch(`${program.url}/nic/update?hostname=home.example.org`, {
      headers: { Authorization: basic('alice', PASSWORD) },
    });
    assert.equal(status, 503);
    const metrics = await fetch(`${program.admin}/metrics`, {
      headers: { Authorization: basic('admin', ADMIN) },
    });
    assert.equal(metrics.status, 200);
    const shown = program.process.stdout + program.process.stderr + (await metrics.text());
    assert.match(shown, /"outcome":"?\[?"?badauth/);
    for (const secret of [...SECRETS, WRONG]) {
      for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')]) {
        assert.ok(!shown.includes(form), form);
      }
      assert.ok(!shown.includes(basic('alice', secret).slice(6)));
    }
  });
});
