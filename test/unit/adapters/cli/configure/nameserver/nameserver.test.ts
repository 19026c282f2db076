import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseTsigKeyFile } from '../../../../../../src/adapters/cli/tsig-key-file.ts';
import { socketText } from '../../../../../../src/domain/socket-address.ts';
import { CliHarness } from '../../../../../support/cli-harness.ts';

const ADD = 'configure nameserver add';
const ZONE = 'dyn.example.org';
const SERVER = `--ns ns1.${ZONE} --address ns1.${ZONE}=192.0.2.1`;

async function nameServer(cli: CliHarness) {
  return (await cli.settings.load()).nameServer ?? assert.fail('there is no name server');
}

describe('configure nameserver add', () => {
  it('the zone is there, with what was named; it is said where updates go', async () => {
    const cli = new CliHarness();
    const { code, stdout, stderr } = await cli.run(
      `${ADD} Dyn.Example.Org. ${SERVER} --address ns1.${ZONE}=2001:db8::1 --ns ns2.example.net ` +
        '--hostmaster jo.doe@example.org --socket 192.0.2.1:53 --socket [2001:db8::1]:53 --data /zones',
    );
    assert.equal(code, 0);
    assert.equal(stdout, `Added the zone "${ZONE}" to [nameserver] in "dynonym.toml".\n`);
    assert.match(stderr, /^Updates of clients go to the name server of \[dns\]/);
    const { sockets, data, zones } = await nameServer(cli);
    assert.deepEqual(sockets.map(socketText), ['192.0.2.1:53', '[2001:db8::1]:53']);
    assert.equal(data, '/zones');
    assert.equal(zones[0]?.hostmaster, 'jo\\.doe.example.org');
    assert.deepEqual(
      zones[0]?.servers.map(({ name, addresses }) => [name, ...addresses.map(({ text }) => text)]),
      [[`ns1.${ZONE}`, '192.0.2.1', '2001:db8::1'], ['ns2.example.net']],
    );
  });

  it('--take-updates: they go into the zones, and there is nothing to hint at', async () => {
    const cli = new CliHarness();
    const { code, stderr } = await cli.run(`${ADD} ${ZONE} ${SERVER} --take-updates`);
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    assert.equal((await nameServer(cli)).takesUpdates, true);
  });

  it('--take-updates beside a primary that was chosen: nothing is changed, one line says why', async () => {
    const cli = new CliHarness();
    await cli.run('configure dns --socket 192.0.2.53:53');
    const { code, stderr } = await cli.run(`${ADD} ${ZONE} ${SERVER} --take-updates`);
    assert.equal(code, 1);
    assert.match(stderr, /^dynonym: \[dns\] in "dynonym\.toml" is not as a default configuration has it; /);
    assert.equal((await cli.settings.load()).nameServer, undefined);
  });

  it('a zone that is there: a failure', async () => {
    const cli = new CliHarness();
    await cli.run(`${ADD} ${ZONE} ${SERVER}`);
    const { code, stderr } = await cli.run(`${ADD} ${ZONE} ${SERVER}`);
    assert.equal(code, 1);
    assert.match(stderr, /has the zone "dyn\.example\.org" already/);
  });

  for (const [situation, options, reason] of [
    ['no name server', '', '--ns is needed'],
    ['a name server in the zone without address', `--ns ns1.${ZONE}`, `needs --address ns1.${ZONE}=ADDRESS`],
    ['an address of nobody', `${SERVER} --address x.${ZONE}=192.0.2.1`, `--address x.${ZONE}: no --ns`],
    ['an address without name', '--ns ns1.example.net --address 192.0.2.1', 'it is written like'],
    ['an address that is none', '--ns ns1.example.net --address ns1.example.net=1', '--address "1": '],
    ['a mailbox that is none', `${SERVER} --hostmaster @`, '--hostmaster "@": '],
    ['a socket that is none', `${SERVER} --socket 53`, '--socket "53": '],
  ] as const) {
    it(`${situation}: one line, nothing is opened`, async () => {
      const cli = new CliHarness();
      const { code, stderr } = await cli.run(`${ADD} ${ZONE} ${options}`);
      assert.equal(code, 1);
      assert.ok(stderr.includes(reason), stderr);
      assert.equal(stderr.split('\n').length, 2);
      assert.deepEqual(cli.opened, []);
    });
  }
});

describe('configure nameserver rm', () => {
  it('of one of two zones, then of the last: said, and the name server goes with that', async () => {
    const cli = new CliHarness();
    await cli.run(`${ADD} ${ZONE} ${SERVER}`);
    await cli.run(`${ADD} example.net --ns ns1.example.org`);
    const one = await cli.run(`configure nameserver rm ${ZONE}`);
    assert.equal(one.code, 0);
    assert.match(one.stdout, /^Removed the zone "dyn\.example\.org" from \[nameserver\]/);
    const last = await cli.run('configure nameserver rm example.net');
    assert.equal(last.code, 0);
    assert.match(last.stdout, /it was the last/);
    assert.equal((await cli.settings.load()).nameServer, undefined);
  });

  it('of a zone that is not there: a failure', async () => {
    const { code, stderr } = await new CliHarness().run(`configure nameserver rm ${ZONE}`);
    assert.equal(code, 1);
    assert.match(stderr, /has no zone "dyn\.example\.org"/);
  });
});

describe('configure nameserver key', () => {
  const KEY = 'configure nameserver key';
  const withZone = async () => {
    const cli = new CliHarness();
    await cli.run(`${ADD} ${ZONE} ${SERVER} --socket 192.0.2.1:53`);
    return cli;
  };

  it('a key that is new: it may write the challenges, and is printed as nsupdate reads it', async () => {
    const cli = await withZone();
    const { code, stdout, stderr } = await cli.run(
      `${KEY} acme --domain home.${ZONE} --domain *.lab.${ZONE}`,
    );
    assert.equal(code, 0);
    const { updates } = (await nameServer(cli)).zones[0] ?? assert.fail();
    const [{ key, names, types } = assert.fail()] = updates;
    assert.deepEqual(names, [`_acme-challenge.home.${ZONE}`, `_acme-challenge.lab.${ZONE}`]);
    assert.deepEqual(
      [key?.name, key?.algorithm, key?.secret.length, types],
      ['acme', 'hmac-sha256', 32, [16]],
    );
    assert.deepEqual(parseTsigKeyFile(stdout), {
      ok: true,
      value: { ...key, secret: Uint8Array.from(key?.secret ?? []) },
    });
    assert.match(stderr, /^Made the key "acme"\.$/m);
    assert.match(stderr, /^The name server: 192\.0\.2\.1:53$/m);
    assert.match(stderr, /hmac-sha256 .* SHA-1, .* MD5/);
  });

  it('a key that is there gets further names, is printed again without any, and keeps its secret', async () => {
    const cli = await withZone();
    const { stdout: first } = await cli.run(`${KEY} acme --domain home.${ZONE}`);
    assert.equal((await cli.run(`${KEY} acme --domain cam.${ZONE}`)).stdout, first);
    const { code, stdout, stderr } = await cli.run(`${KEY} acme`);
    assert.deepEqual([code, stdout], [0, first]);
    assert.match(
      stderr,
      new RegExp(`^It may change: _acme-challenge.home.${ZONE}, _acme-challenge.cam.${ZONE}$`, 'm'),
    );
  });

  for (const [situation, options, reason] of [
    ['that does not exist', 'acme', 'no key "acme" in "dynonym.toml" may update a zone; --domain makes one'],
    [
      'for a name of another zone',
      'acme --domain home.example.net',
      'holds _acme-challenge.home.example.net',
    ],
    ['with a name that clients cannot write', '*.acme', 'the name of a key has letters'],
  ] as const) {
    it(`a key ${situation}: nothing is changed, one line says why`, async () => {
      const cli = await withZone();
      const before = await cli.settings.load();
      const { code, stdout, stderr } = await cli.run(`${KEY} ${options}`);
      assert.deepEqual([code, stdout], [1, '']);
      assert.ok(stderr.startsWith('dynonym: ') && stderr.includes(reason), stderr);
      assert.deepEqual(await cli.settings.load(), before);
    });
  }
});
