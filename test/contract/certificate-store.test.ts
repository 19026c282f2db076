import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createSecureContext } from 'node:tls';
import { AcmeFolder } from '../../src/adapters/acme/acme-folder.ts';
import { FolderCertificateStore } from '../../src/adapters/acme/folder-certificate-store.ts';
import { issuedWith, MemoryCertificateStore } from '../fakes/memory-certificate-store.ts';
import { madeCertificate } from '../support/made-certificate.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { certificateStoreContract } from './certificate-store.contract.ts';

const NAMES = ['ddns.example.org', '*.ddns.example.org'];

certificateStoreContract('MemoryCertificateStore', async () => {
  const store = new MemoryCertificateStore();
  const certificates = [1, 2].map((day) => {
    const facts = { names: NAMES, notBefore: day, notAfter: day + 1 };
    return { issued: issuedWith(facts), facts };
  });
  return { store, other: store, certificates };
});

certificateStoreContract('FolderCertificateStore', async () => {
  const path = join(tempFolder(), 'acme');
  const certificates = [await madeCertificate(NAMES), await madeCertificate(NAMES, Date.UTC(2027, 0, 1))];
  return { store: storeAt(path), other: storeAt(path), certificates };
});

const storeAt = (path: string) => new FolderCertificateStore(new AcmeFolder(path));

test('the folder and the file of the certificate are their owner’s alone, and TLS takes the file', async () => {
  const path = join(tempFolder(), 'deep', 'acme');
  const store = storeAt(path);
  const { issued } = await madeCertificate(NAMES);
  await store.alone(() => store.save(issued));
  assert.equal(statSync(path).mode & 0o777, 0o700);
  assert.deepEqual(readdirSync(path), ['certificate.pem']);
  const file = join(path, 'certificate.pem');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const pem = readFileSync(file);
  createSecureContext({ cert: pem, key: pem });
});

test('what is no certificate with its key counts as none', async () => {
  const path = tempFolder();
  const [one, other] = [await madeCertificate(NAMES), await madeCertificate(NAMES)];
  const file = join(path, 'certificate.pem');
  for (const damaged of [
    '',
    'x',
    one.issued.chain,
    one.issued.key,
    `${other.issued.key}\n${one.issued.chain}`,
  ]) {
    writeFileSync(file, damaged);
    assert.equal(await storeAt(path).find(), undefined, damaged);
  }
});

test('a folder that others may enter is refused, and stays as it is', async () => {
  const path = tempFolder();
  chmodSync(path, 0o755);
  await assert.rejects(
    storeAt(path).alone(() => assert.fail('nothing is kept there')),
    { code: 'CERTIFICATES_UNWRITABLE', message: /type: chmod 700 / },
  );
  assert.equal(statSync(path).mode & 0o777, 0o755);
});

test('a folder that cannot be made, and a file that cannot be read, are faults with codes', async () => {
  const folder = tempFolder();
  writeFileSync(join(folder, 'file'), '');
  const store = storeAt(join(folder, 'file', 'acme'));
  await assert.rejects(
    store.alone(() => assert.fail('nothing is kept there')),
    { code: 'CERTIFICATES_UNWRITABLE' },
  );
  assert.equal(await store.find(), undefined);
  mkdirSync(join(folder, 'certificate.pem'));
  await assert.rejects(storeAt(folder).find(), { code: 'CERTIFICATES_UNREADABLE' });
});
