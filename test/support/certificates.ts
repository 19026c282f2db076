import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProcess } from './run-process.ts';
import { tempFolder } from './temp-folder.ts';
import { toolPath } from './tools.ts';

/** A certificate for a day, and its private key. */
export type Certificate = {
  readonly keyFile: string;
  readonly certificateFile: string;
  /** What `certificateFile` holds. */
  readonly pem: string;
};

/** A new authority of that name, which nobody trusts who is not told to. */
export async function createAuthority(name: string): Promise<Certificate> {
  return create(name, [
    '-addext',
    'basicConstraints=critical,CA:TRUE',
    '-addext',
    'keyUsage=critical,keyCertSign',
  ]);
}

/** A certificate from `authority` for these, each written like `IP:127.0.0.1` or `DNS:ns1.example.test`. */
export async function issue(authority: Certificate, ...subjects: readonly string[]): Promise<Certificate> {
  const issuer = ['-CA', authority.certificateFile, '-CAkey', authority.keyFile];
  return create('name server', [...issuer, '-addext', `subjectAltName=${subjects.join(',')}`]);
}

async function create(name: string, extra: readonly string[]): Promise<Certificate> {
  const folder = tempFolder();
  const [keyFile, certificateFile] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const { status, stderr } = await runProcess(toolPath('openssl'), [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'],
    ...['-subj', `/CN=${name}`, '-keyout', keyFile, '-out', certificateFile, ...extra],
  ]);
  if (status !== 0) throw new Error(`openssl failed (exit ${status}):\n${stderr}`);
  return { keyFile, certificateFile, pem: await readFile(certificateFile, 'utf8') };
}
