import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { type Certificate, createAuthority, issue } from '../support/certificates.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { Installation } from '../support/installation.ts';
import { startBind } from '../support/name-servers/bind.ts';
import { KEYS } from '../support/name-servers/keys.ts';
import type { NameServer } from '../support/name-servers/name-server.ts';
import { runProcess } from '../support/run-process.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { toolPath } from '../support/tools.ts';

const PASSWORD = 's3cret-and_long';
const NAME = 'home.dyn.example.test';

describeWithTools(
  'ddclient with protocol=dyndns1',
  ['ddclient', '/usr/share/perl5/IO/Socket/SSL.pm', 'openssl', 'named', 'dig', 'nsupdate'],
  () => {
    let bind: NameServer;
    let installation: Installation;
    let authority: Certificate;
    let server: string;

    before(async () => {
      bind = await startBind();
      installation = await Installation.create(bind, KEYS.sha256);
      await installation.addUser('alice', PASSWORD, NAME);
      authority = await createAuthority('dyndns1');
      // This protocol is spoken over HTTPS alone.
      const { certificateFile, keyFile } = await issue(authority, 'IP:127.0.0.1');
      installation.append(`\n[http.tls]\ncert = "${certificateFile}"\nkey = "${keyFile}"\n`);
      server = `127.0.0.1:${new URL(await installation.serve()).port}`;
    });
    after(async () => {
      await installation.stop();
      await bind.stop();
    });

    async function report(address: string, password: string): Promise<string> {
      const folder = tempFolder();
      const file = join(folder, 'ddclient.conf');
      const lines = [
        `ssl_ca_file=${authority.certificateFile}`,
        `use=cmd, cmd='echo ${address}'`,
        `protocol=dyndns1, server=${server}, login=alice, password='${password}' ${NAME}`,
      ];
      writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
      const flags = ['-daemon=0', '-noquiet', '-verbose', '-force', '-file', file];
      const args = [...flags, '-cache', join(folder, 'cache')];
      const { stdout, stderr } = await runProcess(toolPath('ddclient'), args);
      return stdout + stderr;
    }

    it('takes a change, and the same again, for a success', async () => {
      for (const code of ['good', 'nochg']) {
        const said = await report('203.0.113.7', PASSWORD);
        const success = `SUCCESS:  updating ${NAME}: NOERROR: IP address set to 203.0.113.7 (${code} 203.0.113.7)`;
        assert.ok(said.includes(success), said);
      }
      const { answers } = await bind.query(NAME, 'A');
      assert.deepEqual(
        answers.map(({ data }) => data),
        ['203.0.113.7'],
      );
    });

    it('takes a wrong password for a failure', async () => {
      const said = await report('203.0.113.8', 'wrong');
      assert.match(said, /FAILED: +updating home\.dyn\.example\.test/);
      assert.doesNotMatch(said, /SUCCESS/);
    });
  },
);
