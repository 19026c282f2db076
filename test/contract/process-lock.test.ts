import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FileProcessLock } from '../../src/adapters/file-stores/file-process-lock.ts';
import { tryLock } from '../../src/adapters/files/lock-file.ts';
import type { LockOutcome, ProcessLock } from '../../src/application/ports/process-lock.ts';
import { MemoryLockPlace, MemoryProcessLock } from '../fakes/memory-process-lock.ts';
import { smallDisk } from '../support/small-disk.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { processLockContract } from './process-lock.contract.ts';

const dead = spawnSync(process.execPath, ['--version']).pid;

/** A lock of the configuration, by the face of the port. */
class WaitedForLock implements ProcessLock {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async acquire(): Promise<LockOutcome> {
    const place = this.#path;
    const attempt = await tryLock(place, 'respected');
    assert.notEqual(attempt.kind, 'foreign');
    if (attempt.kind === 'taken') return { ...attempt, kind: 'acquired', place };
    return { kind: 'held', place, by: attempt.kind === 'held' ? attempt.by.pid : 0 };
  }
}

const disk = smallDisk();

for (const [name, open] of [
  ['FileProcessLock', (path: string) => new FileProcessLock(path)],
  ['FileProcessLock on a small disk', (path: string) => new FileProcessLock(path)],
  ['the lock that holding() takes', (path: string) => new WaitedForLock(path)],
] as const) {
  if (name === 'FileProcessLock on a small disk' && disk === undefined) continue;
  processLockContract(name, async (test) => {
    const small = name === 'FileProcessLock on a small disk' ? disk : undefined;
    const path = join(small?.folder ?? tempFolder(), 'dynonym.lock');
    await test({
      lock: () => open(path),
      self: process.pid,
      living: process.ppid,
      dead,
      async holder() {
        const text = await readFile(path, 'utf8').catch(() => undefined);
        return text === undefined ? undefined : Number(text);
      },
      async leave(owner) {
        await rm(path, { force: true });
        await writeFile(path, `${owner}\n`);
      },
      clear: () => rm(path),
      ...(small && { fill: small.fill }),
    });
    await rm(path, { force: true });
    small?.clear();
  });
}

processLockContract('MemoryProcessLock', async (test) => {
  const place = new MemoryLockPlace(1, 2);
  await test({
    lock: () => new MemoryProcessLock(place, 1),
    self: 1,
    living: 2,
    dead: 3,
    holder: async () => place.held?.by,
    async leave(owner) {
      place.held = { by: owner };
    },
    async clear() {
      place.held = undefined;
    },
    fill() {
      place.isFull = true;
    },
  });
});
