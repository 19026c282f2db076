import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { DEFAULT_SETTINGS, type DnsSettings } from '../../../../../src/application/manage/settings.ts';
import { CliHarness } from '../../../../support/cli-harness.ts';
import { tempFolder } from '../../../../support/temp-folder.ts';

const SECRET = Buffer.from('secret of the tests');
const BASE64 = SECRET.toString('base64');

/** What a command line makes of the DNS settings. */
async function settingsAfter(line: string): Promise<DnsSettings> {
  const cli = new CliHarness();
  const { code, stderr } = await cli.run(line);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  return (await cli.settings.load()).dns;
}

/** Runs a command line that is refused, and gives the reason. */
async function refusalOf(line: string): Promise<string> {
  const cli = new CliHarness();
  const { code, stdout, stderr } = await cli.run(line);
  assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
  assert.match(stderr, /^dynonym: [^\n]+\n$/);
  assert.deepEqual(await cli.settings.load(), DEFAULT_SETTINGS);
  assert.ok(!stderr.includes(BASE64));
  return stderr.slice('dynonym: '.length, -1);
}

function file(content: string): string {
  const path = join(tempFolder(), 'file');
  writeFileSync(path, content);
  return path;
}

describe('configure dns', () => {
  it('several options: these change, all others stay', async () => {
    assert.deepEqual(
      await settingsAfter('configure dns --socket [2001:db8::53]:5353 --ttl 300 --transport udp'),
      {
        ...DEFAULT_SETTINGS.dns,
        socket: { address: { family: 'ipv6', text: '2001:db8::53' }, port: 5353 },
        ttl: 300,
        transport: 'udp',
      },
    );
  });

  it('zones: all that are named, each once, in place of those before', async () => {
    const cli = new CliHarness();
    await cli.run('configure dns --zone old.example.org');
    await cli.run('configure dns --zone Example.ORG. --zone=dyn.example.net --zone example.org');
    assert.deepEqual((await cli.settings.load()).dns.zones, ['example.org', 'dyn.example.net']);
  });

  it('tells what was changed, and where', async () => {
    const cli = new CliHarness();
    const { stdout } = await cli.run('configure dns --ttl 300 --transport tls -c own.toml');
    assert.equal(stdout, 'Changed ttl, transport of [dns] in "own.toml".\n');
  });

  it('zones of the built-in name server: says that updates do not go into them any more', async () => {
    const cli = new CliHarness();
    const add = 'configure nameserver add dyn.example.org --ns ns1.example.net --take-updates';
    assert.equal((await cli.run(add)).stderr, '');
    const { code, stderr } = await cli.run('configure dns --ttl 30');
    assert.equal(code, 0);
    assert.equal(
      stderr,
      '[dns] takes the updates, although [nameserver] serves dyn.example.org; remove [dns] to put them into the zones.\n',
    );
  });

  it('a key in parts: its secret is read from the file, space around it ignored', async () => {
    const secretFile = file(`\n  ${BASE64} \r\n`);
    const { tsig } = await settingsAfter(
      `configure dns --tsig-name Dynonym. --tsig-algorithm HMAC-SHA512 --tsig-secret-file ${secretFile}`,
    );
    assert.equal(tsig?.name, 'dynonym');
    assert.equal(tsig.algorithm, 'hmac-sha512');
    assert.deepEqual([...tsig.secret], [...SECRET]);
  });

  it('a key in parts without an algorithm: hmac-sha256', async () => {
    const { tsig } = await settingsAfter(`configure dns --tsig-name n --tsig-secret-file ${file(BASE64)}`);
    assert.equal(tsig?.algorithm, 'hmac-sha256');
  });

  it('a key file: the whole key is read from it', async () => {
    const keyFile = file(`# a key\nkey "k.example.org" { algorithm hmac-sha384; secret "${BASE64}"; };\n`);
    const { tsig } = await settingsAfter(`configure dns --tsig-key-file ${keyFile}`);
    assert.equal(tsig?.name, 'k.example.org');
    assert.equal(tsig.algorithm, 'hmac-sha384');
    assert.deepEqual([...tsig.secret], [...SECRET]);
  });

  it('a name server by its host name: written as it is', async () => {
    const cli = new CliHarness();
    assert.equal((await cli.run('configure dns --socket bind:53')).code, 0);
    assert.deepEqual((await cli.settings.load()).dns.socket, { host: 'bind', port: 53 });
  });

  it('a key is never shown', async () => {
    const cli = new CliHarness();
    const { stdout } = await cli.run(`configure dns --tsig-name n --tsig-secret-file ${file(BASE64)}`);
    assert.equal(stdout, 'Changed tsig of [dns] in "dynonym.toml".\n');
  });

  for (const [line, reason] of [
    ['', /^nothing to change; dynonym configure dns --help shows what can be$/],
    ['--socket 192.0.2.53', /^--socket "192\.0\.2\.53": a socket is written like/],
    [
      '--socket ns.example.org',
      /^--socket "ns\.example\.org": a socket is written like .* or ns\.example\.org:53$/,
    ],
    ['--socket 192.0.2.53:0', /^--socket "192\.0\.2\.53:0": no server listens on port 0$/],
    ['--ttl -- 5', /^--ttl needs a value/],
    ['--ttl=-5', /^--ttl "-5": a TTL is/],
    ['--ttl 1h', /^--ttl "1h": a TTL is/],
    ['--transport doh', /^--transport "doh": it is one of tcp, udp, tls$/],
    ['--zone example..org', /^--zone "example\.\.org": /],
    ["--zone '*.example.org'", /^--zone "\*\.example\.org": a zone has no asterisk$/],
    ["--zone example.org --zone ''", /^--zone "": /],
    ['--tsig-name n', /^a TSIG key needs --tsig-name and --tsig-secret-file/],
    ['--tsig-algorithm hmac-sha512', /^a TSIG key needs --tsig-name and --tsig-secret-file/],
    ['--tsig-secret-file secret', /^a TSIG key needs --tsig-name and --tsig-secret-file/],
    ['--tsig-key-file key --tsig-name n', /^--tsig-key-file holds a whole key/],
    [
      '--tsig-name n --tsig-secret-file /nowhere/secret',
      /^--tsig-secret-file "\/nowhere\/secret": there is no such/,
    ],
    [
      `--tsig-name n --tsig-secret-file ${file('key "n" {\n\tsecret "AA==";\n};\n')}`,
      /^--tsig-secret-file ".*": this is a whole key file; use it with --tsig-key-file alone$/,
    ],
    ['--tsig-key-file /', /^--tsig-key-file "\/": it is a folder$/],
  ] as const) {
    it(`${line || 'no option'}: one line, nothing changes`, async () => {
      assert.match(await refusalOf(`configure dns ${line}`), reason);
    });
  }

  it('an algorithm that is not known: refused with those that are', async () => {
    const line = `configure dns --tsig-name n --tsig-secret-file ${file(BASE64)} --tsig-algorithm hmac-sha3`;
    assert.match(await refusalOf(line), /^--tsig-algorithm "hmac-sha3": .*hmac-sha256/);
  });

  it('a secret that is not base64: refused with the file, and not repeated', async () => {
    const secretFile = file(`${BASE64}\n${BASE64}\n`);
    const reason = await refusalOf(`configure dns --tsig-name n --tsig-secret-file ${secretFile}`);
    assert.equal(reason, `--tsig-secret-file "${secretFile}": a TSIG secret is written in base64`);
  });

  it('a key file that is not good: refused with the file and the line', async () => {
    const keyFile = file(`\nkey "n" { algorithm hmac-sha3; secret "${BASE64}"; };`);
    const reason = await refusalOf(`configure dns --tsig-key-file ${keyFile}`);
    assert.ok(reason.startsWith(`--tsig-key-file "${keyFile}": line 2: `), reason);
  });
});
