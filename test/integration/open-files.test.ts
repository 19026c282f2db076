import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { freePort } from '../support/free-port.ts';
import { RawClient } from '../support/raw-client.ts';
import { RunningProcess } from '../support/run-process.ts';
import { PROGRAM } from '../support/run-program.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const IDLE = 1_500;
/** The loopback is exempt from the limit of a site, so that somebody else has to come from elsewhere. */
const elsewhere = Object.values(networkInterfaces())
  .flat()
  .find((one) => one?.family === 'IPv4' && !one.internal)?.address;

describe(`a program that may have 1,024 files open, and ${IDLE} idle connections`, {
  concurrency: false,
}, () => {
  let program: RunningProcess;
  let port: number;
  let idle: Socket[] = [];

  before(async () => {
    const folder = tempFolder();
    port = await freePort('0.0.0.0');
    writeFileSync(
      join(folder, 'dynonym.toml'),
      `http.socket = "0.0.0.0:${port}"\ndns = { socket = "127.0.0.1:${await freePort()}", zones = ["example.org"] }\n`,
    );
    const limited = ['-c', 'ulimit -n 1024 && exec "$@"', 'sh', ...PROGRAM, 'serve'];
    program = new RunningProcess('sh', limited, { cwd: folder });
    await until(() => program.stderr.includes('"addresses"'), { what: 'the program to listen' });
  });
  after(async () => {
    for (const socket of idle) socket.destroy();
    program.kill('SIGTERM');
    await program.end();
  });

  /** Resolves when each is connected or was reset, and each that the program closed at once is closed. */
  async function openIdle(localAddress: string, open: number): Promise<void> {
    idle = [];
    while (idle.length < IDLE) {
      // The kernel holds 511 connections that the program has not accepted yet. It would forget any more without a
      // word, and they would stay open here for ever.
      const some = Array.from({ length: 250 }, () =>
        connect({ host: localAddress, port, localAddress }).on('error', () => {}),
      );
      idle.push(...some);
      await until(() => some.every(({ connecting }) => !connecting), { what: 'connections or none' });
      // This one comes behind them, so they have been accepted when it has its answer or none.
      await isServed();
    }
    await until(() => idle.filter(({ closed }) => !closed).length <= open, {
      what: `all but ${open} to be closed`,
    });
  }
  const linesWith = (text: string) => program.stderr.split('\n').filter((line) => line.includes(text)).length;
  const isServed = async (): Promise<boolean> => {
    const client = await RawClient.open(port);
    client.send('GET /ip HTTP/1.1\r\nConnection: close\r\n\r\n');
    await until(() => client.closed, { what: 'an answer or none' });
    return client.received.endsWith('\r\n\r\n127.0.0.1');
  };

  it('of one site serves others at once, and tells it once', {
    skip: elsewhere === undefined && 'this machine has no address but the loopback',
  }, async () => {
    await openIdle(elsewhere ?? '', 128);
    assert.ok(await isServed());
    assert.equal(linesWith('a site has as many as it may have'), 1);
    for (const socket of idle) socket.destroy();
  });

  it('of the machine itself tells once that there are too many, and serves when they are gone', async () => {
    await openIdle('127.0.0.1', 1_024 - 200);
    assert.equal(linesWith('there are as many as there may be'), 1);
    for (const socket of idle) socket.destroy();
    await until(isServed, { what: 'others to be served' });
  });
});
