import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { createAuthority, issue } from '../support/certificates.ts';
import { freePort } from '../support/free-port.ts';
import { runProcess } from '../support/run-process.ts';
import { REPOSITORY, startProgram } from '../support/run-program.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const isBuilt = existsSync(join(REPOSITORY, 'dist/index.js'));

describe('the health check of the container', { skip: !isBuilt && 'it needs the build' }, () => {
  for (const [how, address, isSecure] of [
    ['at every IPv4 address', '0.0.0.0', false],
    ['at every address', '[::]', false],
    ['by HTTPS', '127.0.0.1', true],
  ] as const) {
    it(`says whether a server answers ${how}, wherever its configuration says that it listens`, async () => {
      const folder = tempFolder();
      const file = join(folder, 'dynonym.toml');
      const http = `[http]\nsocket = "${address}:${await freePort()}"\n`;
      const issued = isSecure
        ? await issue(await createAuthority('authority of the tests'), 'DNS:ddns.example.org')
        : undefined;
      const tls = issued && `[http.tls]\ncert = "${issued.certificateFile}"\nkey = "${issued.keyFile}"\n`;
      writeFileSync(file, `${http}${tls ?? ''}`);
      const check = () => runProcess(process.execPath, [join(REPOSITORY, 'packaging/health.mjs'), file]);

      const before = await check();
      assert.equal(before.status, 1);
      assert.match(before.stderr, /^\S+ port \d+: connect ECONNREFUSED .*\n$/);
      const program = startProgram(['serve'], { cwd: folder });
      await until(() => program.stderr.includes('"Listening"'), { what: 'the server' });
      const { status, stderr } = await check();
      assert.deepEqual([status, stderr], [0, '']);
      program.kill('SIGTERM');
      assert.equal((await program.end()).status, 0);
    });
  }
});
