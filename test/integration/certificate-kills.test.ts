import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { AcmeFolder } from '../../src/adapters/acme/acme-folder.ts';
import { FolderCertificateStore } from '../../src/adapters/acme/folder-certificate-store.ts';
import type { SaverArguments } from '../support/certificate-saver.ts';
import { compiled } from '../support/compiled.ts';
import { madeCertificate } from '../support/made-certificate.ts';
import { runProcess } from '../support/run-process.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** No save takes as many operations on files. */
const MOST_OPERATIONS = 100;

it('a process that is killed with -9 before any operation on files leaves the old certificate or the new one', async () => {
  const saver = await compiled('test/support/certificate-saver.ts');
  const folder = tempFolder();
  const path = join(folder, 'acme');
  const store = new FolderCertificateStore(new AcmeFolder(path));
  const [old, next] = [
    await madeCertificate(['old.example.org']),
    await madeCertificate(['new.example.org']),
  ];
  const file = join(folder, 'next.json');
  writeFileSync(file, JSON.stringify(next.issued));

  const found = new Set<string>();
  for (let count = 1; ; count += 1) {
    assert.ok(count < MOST_OPERATIONS, 'a save comes to an end');
    // It also cleans up after the one that was killed before.
    assert.equal(await store.alone(() => store.save(old.issued)), 'done');
    const saving: SaverArguments = [path, file, String(count)];
    const { status, stderr } = await runProcess(process.execPath, [saver, ...saving]);
    const names = (await store.find())?.names.join();
    assert.ok(names === 'old.example.org' || names === 'new.example.org', `${names} at operation ${count}`);
    found.add(names);
    assert.equal(stderr, '');
    if (status === 0) break;
  }
  assert.equal(found.size, 2);
  assert.deepEqual(readdirSync(path), ['certificate.pem'], 'nothing is left behind');
});
