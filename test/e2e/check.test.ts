import assert from 'node:assert/strict';
import { appendFileSync, chmodSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { it } from 'node:test';
import { socketText } from '../../src/domain/socket-address.ts';
import type { TsigKey } from '../../src/domain/tsig-key.ts';
import { describeWithServers } from '../support/name-servers/describe-with-servers.ts';
import { KEYS, secretText } from '../support/name-servers/keys.ts';
import { CHILD_ZONE, DYN_ZONE } from '../support/name-servers/zones.ts';
import { runProgram } from '../support/run-program.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** A hash of nobody's password. */
const PW = `$2y$10$${'C'.repeat(21)}.${'a'.repeat(31)}`;

describeWithServers(['bind'], (server) => {
  function configurationFile(
    key: TsigKey,
    domains: readonly string[],
    socket = socketText(server().socket),
  ): string {
    const file = join(tempFolder(), 'dynonym.toml');
    const content = `
[dns]
socket = "${socket}"
zones = ["${DYN_ZONE}"]

[dns.tsig]
name = "${key.name}"
algorithm = "${key.algorithm}"
secret = "${secretText(key)}"

[users.alice]
pw = "${PW}"
domains = ${JSON.stringify(domains)}
`;
    writeFileSync(file, content);
    chmodSync(file, 0o600);
    return file;
  }

  it('dynonym check says that all is fine, where it is, and exits with 0', async () => {
    const file = configurationFile(KEYS.sha256, [`home.${DYN_ZONE}`]);
    const { status, stdout, stderr } = await runProgram(['check', '-c', file]);
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, /^home\.dyn\.example\.test .* fine$/m);
    assert.match(stdout, /^All is fine\.$/m);
  });

  it('the other name servers of the zone are silent: they are named, and all is not fine', async () => {
    // By its host name: a name server at a configured address is the primary itself.
    const socket = `localhost:${server().socket.port}`;
    const file = configurationFile(KEYS.sha256, [`home.${DYN_ZONE}`], socket);
    const { status, stdout } = await runProgram(['check', '-c', file]);
    assert.equal(status, 2);
    assert.match(stdout, /^secondary-silent: dyn\.example\.test, home\.dyn\.example\.test$/m);
    assert.match(stdout, /names ns1\.dyn\.example\.test as a name server/);
    assert.doesNotMatch(stdout, /All is fine/);
  });

  it('a wrong secret and a name of another zone make exit code 1, in JSON too, and show no secret anywhere', async () => {
    const key = { ...KEYS.sha256, secret: Buffer.alloc(32, 7) };
    const file = configurationFile(key, [`home.${DYN_ZONE}`, `x.${CHILD_ZONE}`]);
    const text = await runProgram(['check', '-c', file]);
    assert.equal(text.status, 1);
    assert.match(text.stdout, /^secret-wrong: dyn\.example\.test, home\.dyn\.example\.test$/m);
    assert.match(text.stdout, /^delegated-elsewhere: x\.child\.dyn\.example\.test$/m);

    const json = await runProgram(['check', '--json', '-c', file]);
    assert.equal(json.status, 1);
    const { domains } = JSON.parse(json.stdout) as { domains: { findings: { code: string }[] }[] };
    assert.deepEqual(
      domains.map(({ findings }) => findings.map(({ code }) => code)),
      [['secret-wrong'], ['secret-wrong'], ['delegated-elsewhere']],
    );
    for (const { stdout, stderr } of [text, json]) {
      assert.ok(!`${stdout}${stderr}`.includes(secretText(key)));
      assert.ok(!`${stdout}${stderr}`.includes(PW));
    }
  });

  it('a file that everybody can read makes exit code 2, and is told with what to type', async () => {
    const file = configurationFile(KEYS.sha256, [`home.${DYN_ZONE}`]);
    chmodSync(file, 0o644);
    const { status, stdout } = await runProgram(['check', '-c', file]);
    assert.equal(status, 2);
    assert.match(stdout, /^readable-by-everybody: /m);
  });

  it('a file with a secret, beside it, that everybody can read makes exit code 2 too', async () => {
    const file = configurationFile(KEYS.sha256, [`home.${DYN_ZONE}`]);
    const password = join(dirname(file), 'admin.pw');
    writeFileSync(password, 'a password of the operator');
    chmodSync(password, 0o644);
    appendFileSync(file, '[admin]\nsocket = "127.0.0.1:9053"\npassword_file = "admin.pw"\n');
    const { status, stdout } = await runProgram(['check', '-c', file]);
    assert.equal(status, 2);
    assert.ok(stdout.includes(`To do: type: chmod o= ${password}.`), stdout);
  });

  it('a configuration that cannot be used makes exit code 1 and one line for each problem', async () => {
    const file = join(tempFolder(), 'dynonym.toml');
    writeFileSync(file, '[dns]\nsocket = "nowhere"\nttl = -1\n');
    const { status, stdout, stderr } = await runProgram(['check', '--json', '-c', file]);
    assert.deepEqual([status, stdout], [1, '']);
    assert.match(stderr, /dns\.socket/);
    assert.match(stderr, /dns\.ttl/);
  });
});
