import { spawnSync } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FileProcessLock } from '../../src/adapters/file-lock/file-process-lock.ts';
import { MemoryLockPlace, MemoryProcessLock } from '../fakes/memory-process-lock.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { processLockContract } from './process-lock.contract.ts';

const dead = spawnSync(process.execPath, ['--version']).pid;

processLockContract('FileProcessLock', async (test) => {
  const path = join(tempFolder(), 'dynonym.lock');
  await test({
    lock: () => new FileProcessLock(path),
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
  });
});

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
  });
});
