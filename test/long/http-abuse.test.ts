import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { AbusedProgram } from '../support/abused-program.ts';
import { until } from '../support/until.ts';

const SLOW = 300;
const IDLE = 10_000;
/** What the clients need, and the program; either has other files open too. */
const OPEN_FILES = IDLE + 500;
/** Node raises its limit of open files as far as the hard one lets it: that of the tests, and that of the program. */
const limit = Number(/^Max open files +\d+ +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]);
const TOO_FEW_FILES =
  limit < OPEN_FILES &&
  `the hard limit of open files is ${limit}, and ${OPEN_FILES} are needed: ulimit -Hn ${OPEN_FILES}`;

describe('a program that is abused', { concurrency: false }, () => {
  let program: AbusedProgram;
  const open = new Set<Socket>();

  before(async () => {
    program = await AbusedProgram.start();
  });
  after(async () => {
    for (const socket of open) socket.destroy();
    await program.stop();
  });

  /** A connection on which nothing was sent yet, and what the server says there. */
  async function connection(): Promise<{ socket: Socket; heard: () => string }> {
    const socket = connect({ host: '127.0.0.1', port: program.port });
    let heard = '';
    open.add(socket);
    socket.on('error', () => {});
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      heard += text;
    });
    socket.on('close', () => open.delete(socket));
    await once(socket, 'connect');
    return { socket, heard: () => heard };
  }

  it(`serves others while ${SLOW} clients send an octet now and then, and closes these connections`, async () => {
    const slow = await Promise.all(Array.from({ length: SLOW }, connection));
    const head = 'GET /ip HTTP/1.1\r\nX-Slow: ';
    let at = 0;
    await until(
      async () => {
        for (const { socket } of slow) if (!socket.closed) socket.write(head[at] ?? 'x');
        at += 1;
        await program.assertServes();
        return slow.every(({ socket }) => socket.closed);
      },
      { what: 'the slow connections to be closed' },
    );
    // It is their slowness that ended them, and nothing else.
    for (const { heard } of slow) assert.match(heard(), /^HTTP\/1\.1 408 /);
    program.assertMemoryIsBounded();
  });

  it(`serves others beside ${IDLE} idle connections`, {
    skip: !process.env['CI'] && TOO_FEW_FILES,
  }, async () => {
    // On a machine that judges changes, fewer connections must not look like a test that passed.
    assert.equal(TOO_FEW_FILES, false);
    let most = 0;
    // Each is closed after a while, so that a busy machine needs more of them to have as many at once.
    for (let opened = 0; opened < IDLE || (most <= IDLE / 2 && opened < 5 * IDLE); opened += 200) {
      await Promise.all(Array.from({ length: Math.min(200, IDLE - open.size) }, connection));
      most = Math.max(most, open.size);
      if (opened % 2_000 === 0) await program.assertServes();
    }
    await program.assertServes();
    assert.ok(most > IDLE / 4, `only ${most} at once`);
    program.assertMemoryIsBounded();
    await until(() => open.size === 0, {
      what: 'the idle connections to be closed',
    });
    await program.assertServes();
  });
});
