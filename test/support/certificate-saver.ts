import { readFileSync } from 'node:fs';
import files, { type FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

// A process that saves a certificate, and kills itself before one of its operations on files: `certificate-saver FOLDER
// CERTIFICATE COUNT`. CERTIFICATE is a file with an IssuedCertificate in JSON. It ends well where there are fewer
// operations than COUNT.

export type SaverArguments = readonly [folder: string, certificate: string, count: string];

const [folder, certificate, count] = process.argv.slice(2) as unknown as SaverArguments;
const issued = JSON.parse(readFileSync(certificate, 'utf8'));
let left = Number(count);

/** Puts a fatal counter before each of these methods. */
function dieIn(target: object, methods: readonly string[]): void {
  const methodsOf = target as Record<string, (...args: unknown[]) => unknown>;
  for (const method of methods) {
    const original = methodsOf[method];
    if (original === undefined) throw new Error(`there is no ${method}`);
    methodsOf[method] = function (this: unknown, ...args) {
      left -= 1;
      if (left === 0) process.kill(process.pid, 'SIGKILL');
      return original.apply(this, args);
    };
  }
}

const handle = await files.open(certificate);
const handles = Object.getPrototypeOf(handle) as FileHandle;
await handle.close();
dieIn(files, ['open', 'mkdir', 'link', 'rename', 'unlink', 'rm', 'stat', 'readdir']);
dieIn(handles, ['writeFile', 'sync', 'chmod', 'stat', 'read']);
syncBuiltinESMExports();

const { AcmeFolder } = await import('../../src/adapters/acme/acme-folder.ts');
const { FolderCertificateStore } = await import('../../src/adapters/acme/folder-certificate-store.ts');
const store = new FolderCertificateStore(new AcmeFolder(folder));
if ((await store.alone(() => store.save(issued))) !== 'done') process.exitCode = 3;
