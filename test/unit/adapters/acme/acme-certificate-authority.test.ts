import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { AcmeCertificateAuthority } from '../../../../src/adapters/acme/acme-certificate-authority.ts';
import { AcmeFolder } from '../../../../src/adapters/acme/acme-folder.ts';
import { SystemClock } from '../../../../src/adapters/system/system-clock.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import { freePort } from '../../../support/free-port.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const NAMES = [domainName('ddns.example.org')];
const ANSWERS = {
  present: () => assert.fail('there is no challenge'),
  cleanUp: () => assert.fail('there is no challenge'),
};

/** An authority whose directory is on this port of the machine. */
async function authorityAt(port: number) {
  const folder = new AcmeFolder(join(tempFolder(), 'acme'));
  await folder.alone(async () => {});
  const settings = { names: NAMES, directory: `https://127.0.0.1:${port}/dir`, data: folder.path };
  const authority = new AcmeCertificateAuthority(
    { ...settings, email: undefined, externalAccount: undefined, ca: undefined, nameServers: [] },
    folder,
    new SystemClock(),
  );
  return { authority, folder };
}

describe('an authority that does not answer', () => {
  it('is told with the reason of the system, and the key of the account is kept for the next time', async () => {
    const port = await freePort();
    const { authority, folder } = await authorityAt(port);
    await assert.rejects(authority.order(NAMES, ANSWERS, new AbortController().signal), {
      code: 'CA_UNREACHABLE',
      message: `the authority 127.0.0.1:${port} cannot be reached: connect ECONNREFUSED 127.0.0.1:${port}`,
    });
    assert.ok(existsSync(folder.pathOf('account.pem')));
  });

  it('does not hold up the end of the server', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => {
      socket.on('error', () => {});
      sockets.push(socket);
    });
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    after(() => {
      for (const socket of sockets) socket.destroy();
      silent.close();
    });
    const { authority } = await authorityAt((silent.address() as AddressInfo).port);
    const stop = new AbortController();
    const order = authority.order(NAMES, ANSWERS, stop.signal);
    const rejected = assert.rejects(order);
    await once(silent, 'connection');
    stop.abort();
    await rejected;
  });
});
