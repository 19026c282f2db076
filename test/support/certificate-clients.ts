import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type SocketAddress, socketText } from '../../src/domain/socket-address.ts';
import type { Pebble } from './pebble.ts';
import { runProcess } from './run-process.ts';
import { tempFolder } from './temp-folder.ts';
import { toolPath } from './tools.ts';

/** One program, in a folder of its own, that gets a certificate and renews it. */
export type CertificateClient = {
  /** Types what `dynonym snippet` printed. */
  get(snippet: string): Promise<void>;
  /** Types what its notes say of renewal. */
  renew(snippet: string): Promise<void>;
  /** The certificate for its first name. */
  certificate(name: string): X509Certificate;
};

export function legoAt(pebble: Pebble, dns: SocketAddress): CertificateClient {
  const resolving = ['--dns.disable-cp', '--dns.resolvers', socketText(dns)];
  const folder = tempFolder();
  const run = shellWith('lego', ['--server', pebble.directory, ...resolving], folder, pebble);
  return {
    get: run,
    renew: (snippet) => run(snippet.replace(/\brun\s*$/, 'renew --days 9999 --no-random-sleep\n')),
    certificate: (name) => certificateIn(join(folder, '.lego', 'certificates', `${name}.crt`)),
  };
}

export function certbotAt(pebble: Pebble): CertificateClient {
  const folder = tempFolder();
  const folders = ['--config-dir', '.', '--work-dir', 'work', '--logs-dir', 'logs'];
  const run = shellWith('certbot', ['-n', '--server', pebble.directory, ...folders], folder, pebble);
  return {
    get: run,
    renew: () => run('certbot renew --force-renewal --no-random-sleep-on-renew'),
    certificate: (name) => certificateIn(join(folder, 'live', name, 'cert.pem')),
  };
}

const certificateIn = (file: string): X509Certificate => new X509Certificate(readFileSync(file));

/** A shell in which the program is told of the authority and the name server of the test. Rejects when a line fails. */
function shellWith(tool: 'lego' | 'certbot', options: readonly string[], folder: string, pebble: Pebble) {
  const bin = mkdtempSync(join(folder, 'bin-'));
  const wrapper = join(bin, tool);
  writeFileSync(wrapper, `#!/bin/sh\nexec ${toolPath(tool)} ${options.join(' ')} "$@"\n`);
  chmodSync(wrapper, 0o700);
  return async (script: string): Promise<void> => {
    const { status, stdout, stderr } = await runProcess('sh', ['-ec', script], {
      cwd: folder,
      env: {
        PATH: `${bin}${delimiter}${process.env['PATH']}`,
        LEGO_CA_CERTIFICATES: pebble.authorityFile,
        REQUESTS_CA_BUNDLE: pebble.authorityFile,
        // Seconds. lego waits a minute between two names otherwise, for caches that the test does not have.
        RFC2136_SEQUENCE_INTERVAL: '1',
      },
    });
    assert.equal(status, 0, `${script}\n${stdout}\n${stderr}`);
  };
}
