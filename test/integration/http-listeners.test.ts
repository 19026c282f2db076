import assert from 'node:assert/strict';
import { once } from 'node:events';
import { copyFileSync, renameSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { type Certificate, createAuthority, issue } from '../support/certificates.ts';
import { freePort } from '../support/free-port.ts';
import type { RunningProcess } from '../support/run-process.ts';
import { startProgram } from '../support/run-program.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

describe('HTTPS, and plain HTTP for old devices', () => {
  const folder = tempFolder();
  let authority: Certificate;
  let renewed: Certificate;
  let program: RunningProcess;
  let secure = 0;
  let plain = '';

  before(async () => {
    authority = await createAuthority('authority of the tests');
    const first = await issue(authority, 'IP:127.0.0.1');
    renewed = await issue(authority, 'IP:127.0.0.1');
    copyFileSync(first.certificateFile, join(folder, 'cert.pem'));
    copyFileSync(first.keyFile, join(folder, 'key.pem'));
    writeFileSync(
      join(folder, 'dynonym.toml'),
      `
[http]
socket = "127.0.0.1:0"
[http.tls]
cert = "cert.pem"
key = "key.pem"
[[http.listeners]]
socket = "127.0.0.1:${await freePort()}"
routes = ["/nic/update", "/checkip"]
`,
    );
    program = startProgram(['serve'], { cwd: folder });
    const [, ofSecure = '', ofPlain = ''] = await until(
      () => /"addresses":\["([^"]+)","([^"]+)"\]/.exec(program.stderr),
      { what: 'both sockets' },
    );
    assert.match(ofSecure, /^https:/);
    secure = Number(new URL(ofSecure).port);
    plain = ofPlain;
  });
  after(async () => {
    program.kill('SIGTERM');
    assert.equal((await program.end()).status, 0);
  });

  async function ask(path: string) {
    const sent = request({ host: '127.0.0.1', port: secure, path, ca: authority.pem, agent: false });
    sent.end();
    const [response] = await once(sent, 'response');
    const { serialNumber } = (response.socket as TLSSocket).getPeerCertificate();
    let body = '';
    for await (const chunk of response) body += chunk;
    return { status: response.statusCode, body, serialNumber };
  }

  it('serves everything over HTTPS', async () => {
    assert.equal((await ask('/ip')).body, '127.0.0.1');
    assert.equal((await ask('/nic/update')).body, 'badauth\n');
  });

  it('serves over HTTP what the operator named, without a redirect, and nothing else', async () => {
    assert.equal(await (await fetch(`${plain}/checkip`)).text(), '127.0.0.1\n');
    const update = await fetch(`${plain}/nic/update`, { redirect: 'manual' });
    assert.deepEqual([update.status, await update.text()], [401, 'badauth\n']);
    for (const path of ['/ip', '/dns/update', '/v3/update', '/']) {
      assert.equal((await fetch(`${plain}${path}`, { redirect: 'manual' })).status, 404);
    }
  });

  it('takes up a renewed certificate while requests go on', async () => {
    const before = (await ask('/ip')).serialNumber;
    for (const [from, to] of [
      [renewed.certificateFile, 'cert.pem'],
      [renewed.keyFile, 'key.pem'],
    ] as const) {
      copyFileSync(from, join(folder, `${to}.new`));
      renameSync(join(folder, `${to}.new`), join(folder, to));
    }
    await until(
      async () => {
        const { body, serialNumber } = await ask('/ip');
        assert.equal(body, '127.0.0.1');
        return serialNumber !== before;
      },
      { what: 'the new certificate' },
    );
  });
});
