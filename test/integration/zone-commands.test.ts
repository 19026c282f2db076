import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { freePort } from '../support/free-port.ts';
import { runProcess } from '../support/run-process.ts';
import { runProgram, startProgram } from '../support/run-program.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { toolPath } from '../support/tools.ts';
import { until } from '../support/until.ts';

const ZONE = 'dyn.example.org';

describeWithTools('the zones of a running server', ['named-checkzone', 'curl'], () => {
  it('are read beside it, accepted by named-checkzone, and imported when it has stopped', async () => {
    const cwd = tempFolder();
    const [http, dns] = [await freePort(), await freePort()];
    const section = `[http]\nsocket = "127.0.0.1:${http}"
[nameserver]\nsockets = ["127.0.0.1:${dns}"]
[[nameserver.zones]]\nname = "${ZONE}"\nns = ["ns1.${ZONE}"]\nglue = { "ns1.${ZONE}" = ["192.0.2.1"] }\n`;
    writeFileSync(join(cwd, 'dynonym.toml'), section, { mode: 0o600 });
    const dynonym = (...args: string[]) => runProgram(args, { cwd, stdin: 's3cret\n' });
    const home = `home.${ZONE}`;
    for (const words of [
      ['add', 'alice'],
      ['auth', 'alice', home],
    ]) {
      const { status, stderr } = await dynonym('configure', 'users', ...words);
      assert.equal(status, 0, stderr);
    }

    const server = startProgram(['serve'], { cwd });
    after(() => server.kill('SIGKILL'));
    await until(() => server.stderr.includes(`127.0.0.1:${http}`), { what: 'the server listens' });
    const url = `http://127.0.0.1:${http}/nic/update?hostname=${home}&myip=203.0.113.7`;
    const { stdout: answer } = await runProcess('curl', ['-sS', '-u', 'alice:s3cret', url]);
    assert.equal(answer, 'good 203.0.113.7\n');

    const checked = await dynonym('check');
    assert.deepEqual(
      [checked.status, checked.stdout.split('\n').at(-2)],
      [0, 'All is fine.'],
      checked.stdout,
    );
    const shown = await dynonym('zone', 'show', ZONE, home);
    assert.equal(shown.stdout, `${home}. 60 IN A 203.0.113.7\n`);
    const { stdout: text } = await dynonym('zone', 'export', ZONE);
    const judged = await runProcess(toolPath('named-checkzone'), [ZONE, '-'], { stdin: text });
    assert.equal(judged.status, 0, judged.stdout + judged.stderr);

    writeFileSync(join(cwd, 'copy.zone'), text.replace('203.0.113.7', '203.0.113.8'));
    const refused = await dynonym('zone', 'import', ZONE, 'copy.zone');
    assert.equal(refused.status, 1);
    assert.match(
      refused.stderr,
      new RegExp(
        `is in use by process ${server.pid}: stop it first; if it is not dynonym, remove "[^"]+/lock"\n$`,
      ),
    );

    server.kill('SIGINT');
    assert.equal((await server.end()).status, 0);
    const imported = await dynonym('zone', 'import', ZONE, 'copy.zone');
    assert.deepEqual([imported.status, imported.stderr], [0, '']);
    assert.equal((await dynonym('zone', 'show', ZONE, home)).stdout, `${home}. 60 IN A 203.0.113.8\n`);
  });
});
