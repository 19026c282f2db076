import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { clientsDocument } from '../../../../scripts/clients-document.ts';
import { CERTIFICATES } from '../../../../src/adapters/snippets/certificates.ts';
import { DEVICES } from '../../../../src/adapters/snippets/devices.ts';
import { PROGRAMS } from '../../../../src/adapters/snippets/programs.ts';
import { SIGNED } from '../../../../src/adapters/snippets/signed.ts';
import { CliHarness } from '../../../support/cli-harness.ts';

describe('dynonym snippet', () => {
  for (const { id, place } of [...DEVICES, ...PROGRAMS, ...CERTIFICATES]) {
    test(`${id}: prints the user, the names and the server, and nothing that is left to fill in`, async () => {
      const { code, stdout, stderr } = await new CliHarness().run(
        `snippet ${id} --user bob --domain home.example.net --url https://ddns.example.net:8443/sub/`,
      );
      assert.equal(code, 0);
      for (const text of ['bob', 'home.example.net', 'ddns.example.net:8443']) {
        assert.ok(stdout.includes(text), `${text} in:\n${stdout}`);
      }
      assert.match(stdout, /PASSWORD|SECRET/);
      assert.ok(!/undefined|\/\/nic|(?<!#)\{[a-z]\w*\}/.test(stdout), stdout);
      assert.ok(stderr.includes(place));
    });
  }

  for (const { id } of [...DEVICES, ...PROGRAMS, ...CERTIFICATES]) {
    test(`${id}: prints all of several names`, async () => {
      const { code, stdout } = await new CliHarness().run(
        `snippet ${id} --user bob --domain home.example.net --domain cam.example.net --domain nas.example.net`,
      );
      assert.equal(code, 0);
      for (const name of ['home', 'cam', 'nas']) assert.ok(stdout.includes(`${name}.example.net`), stdout);
    });
  }

  for (const { id } of SIGNED) {
    test(`${id}: prints the name of the key, the names or their zone, and the name server`, async () => {
      const { code, stdout, stderr } = await new CliHarness().run(
        `snippet ${id} --user home-key --domain home.example.net --url https://ns.example.net:8443`,
      );
      assert.equal(code, 0);
      for (const text of ['home-key', 'example.net', 'ns.example.net', 'PASSWORD']) {
        assert.ok(stdout.includes(text), `${text} in:\n${stdout}`);
      }
      assert.ok(!/undefined|8443|hmac-md5|\{[a-z]\w*\}/.test(stdout), stdout);
      assert.match(stderr, /name of a key/);
    });

    test(`${id}: names the name server where it is not at the host of the URL`, async () => {
      const words = `snippet ${id} --user k --domain a.example.net --url https://web.example.net`;
      const { code, stdout } = await new CliHarness().run(`${words} --nameserver [2001:db8::1]:5353`);
      assert.equal(code, 0);
      assert.ok(stdout.includes('2001:db8::1'), stdout);
      assert.ok(!stdout.includes('web.example.net'), stdout);
    });

    test(`${id}: refuses what is no name of a key`, async () => {
      const { code, stderr } = await new CliHarness().run(
        `snippet ${id} --user 'a"b' --domain a.example.net`,
      );
      assert.equal(code, 1);
      assert.match(stderr, /^dynonym: --user ".*": the name of a key has letters/);
    });
  }

  for (const [id, check4, check6] of [
    ['ddclient', /'curl -4fsS https:\/\/ipv4\.ddns\.example\.net:8443\/checkip'$/m, undefined],
    ['inadyn', /"curl -4fsS https:\/\/ipv4\.ddns/, /"curl -6fsS https:\/\/ipv6\.ddns/],
    ['newfuture', /"index4": "url:https:\/\/ipv4\.ddns/, /"index6": "url:https:\/\/ipv6\.ddns/],
    ['dyndnsc', /^detector-url = https:\/\/ipv4\.ddns\.example\.net:8443\/checkip$/m, undefined],
  ] as const) {
    test(`${id}: asks for each address at a name that has no other`, async () => {
      const line =
        `snippet ${id} --user bob --domain home.example.net --url https://ddns.example.net:8443 ` +
        '--ipv4-check ipv4.ddns.example.net --ipv6-check ipv6.ddns.example.net';
      const { code, stdout } = await new CliHarness().run(line);
      assert.equal(code, 0);
      assert.match(stdout, check4);
      if (check6 !== undefined) assert.match(stdout, check6);
    });
  }

  test('a word that the client replaces is not the one that stands for the password', async () => {
    for (const id of ['openwrt', 'synology', 'qnap']) {
      const { stdout } = await new CliHarness().run(`snippet ${id} --user bob --domain home.example.net`);
      assert.ok(stdout.includes('SECRET'), stdout);
      assert.doesNotMatch(stdout.replace(/\[PASSWORD\]|__PASSWORD__/g, ''), /PASSWORD/);
    }
  });

  test('qdm12: has an entry for each name and family', async () => {
    const { stdout } = await new CliHarness().run(
      'snippet qdm12 --user bob --domain home.example.net --domain cam.example.net',
    );
    const { settings } = JSON.parse(stdout);
    assert.deepEqual(
      settings.map(({ domain, ip_version: version }: Record<string, string>) => [domain, version]),
      [
        ['home.example.net', 'ipv4'],
        ['home.example.net', 'ipv6'],
        ['cam.example.net', 'ipv4'],
        ['cam.example.net', 'ipv6'],
      ],
    );
  });

  test('takes a file and reads none, so its help does not offer one', async () => {
    const cli = new CliHarness();
    const { code } = await cli.run('-c other.toml snippet curl --user bob --domain home.example.net');
    assert.equal(code, 0);
    assert.deepEqual(cli.opened, []);
    assert.doesNotMatch((await cli.run('snippet --help')).stdout, /--config/);
  });

  test('openwrt: has a section of its own for each name and family', async () => {
    const { stdout } = await new CliHarness().run(
      "snippet openwrt --user bob --domain a-b.example.net --domain '*.a.b.example.net'",
    );
    const sections = [...stdout.matchAll(/^config service '(\w+)'$/gm)].map(([, name]) => name);
    assert.equal(new Set(sections).size, 4);
    assert.equal(sections.length, 4);
    assert.match(
      stdout,
      / lookup_host 'any\.a\.b\.example\.net'\n +option domain '\*\.a\.b\.example\.net'\n/,
    );
  });

  test('a client that is not known names those that are', async () => {
    const { code, stdout, stderr } = await new CliHarness().run(
      'snippet toaster --user bob --domain a.example.net',
    );
    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /^dynonym: CLIENT "toaster": the clients are fritzbox, .*\n$/);
  });

  for (const url of [
    'ddns.example.org',
    'ftp://ddns.example.org',
    'https://u:p@ddns.example.org',
    'https://:p@ddns.example.org',
    'https://x/?a',
  ]) {
    test(`a URL that is none is refused: ${url}`, async () => {
      const { code, stderr } = await new CliHarness().run(
        `snippet curl --user bob --domain a.example.net --url ${url}`,
      );
      assert.equal(code, 1);
      assert.match(stderr, /^dynonym: --url ".*": a URL is written like https:\/\/ddns\.example\.org\n$/);
    });
  }

  for (const url of [
    `https://ddns"s.example.org`,
    'https://ddns.example.org/a$b',
    'https://ddns.example.org/a b',
  ]) {
    test(`a URL that would have to be quoted is refused: ${url}`, async () => {
      const { code, stderr } = await new CliHarness().run(
        `snippet curl --user bob --domain a.example.net --url '${url}'`,
      );
      assert.equal(code, 1);
      assert.match(stderr, /^dynonym: --url ".*": the URL for a client has only .* in its host and path\n$/);
    });
  }

  for (const [client, url, reason] of [
    ['ddclient', 'https://localhost:8443', /ddclient needs a name with a dot or an IPv4 address/],
    ['ddclient4', 'https://localhost:8443', /ddclient needs a name with a dot or an IPv4 address/],
    ['ddclient', 'https://[2001:db8::1]', /members\.dyndns\.org/],
    ['ddclient4', 'https://[2001:db8::1]', /members\.dyndns\.org/],
    ['inadyn', 'https://[2001:db8::1]', /inadyn takes no IPv6 address for its server/],
    ['unifi', 'https://[2001:db8::1]', /UniFi takes no IPv6 address for its server/],
  ] as const) {
    test(`${client}: refuses a server that it would not go to: ${url}`, async () => {
      const { code, stdout, stderr } = await new CliHarness().run(
        `snippet ${client} --user bob --domain a.example.net --url ${url}`,
      );
      assert.equal(code, 1);
      assert.equal(stdout, '');
      assert.match(stderr, /^dynonym: --url ".*": .*\n$/);
      assert.match(stderr, reason);
    });
  }

  for (const url of ['https://ddns.example.org:8443', 'http://192.0.2.1', 'http://192.0.2.1:8053']) {
    test(`ddclient: takes ${url}`, async () => {
      const { code, stdout } = await new CliHarness().run(
        `snippet ddclient --user bob --domain a.example.net --url ${url}`,
      );
      assert.equal(code, 0);
      assert.ok(stdout.includes(`\nserver=${new URL(url).host}\n`), stdout);
    });
  }

  for (const [client, user] of [
    ['ddclient', 'a#b'],
    ['ddclient4', 'a  b'],
    ['ddclient', 'my password=1'],
    ['inadyn', 'é'.repeat(64)],
    ['dyndnsc', 'é'],
    ['dyndnsc', ' a'],
    ['openwrt', 'a\\b'],
    ['openwrt', 'é'],
    ['synology', 'a&b'],
  ] as const) {
    test(`${client}: refuses a user that it cannot be told: ${user}`, async () => {
      const { code, stdout, stderr } = await new CliHarness().run(
        `snippet ${client} --domain a.example.net --user '${user}'`,
      );
      assert.equal(code, 1);
      assert.equal(stdout, '');
      assert.match(stderr, /^dynonym: --user ".*": (?:ddclient|inadyn|dyndnsc|ddns-scripts|DSM) .*\n$/);
    });
  }

  test('a user and a domain are needed', async () => {
    const withoutUser = await new CliHarness().run('snippet curl --domain a.example.net');
    assert.equal(withoutUser.code, 1);
    assert.equal(withoutUser.stderr, 'dynonym: --user is needed: who the client logs in as\n');
    const withoutDomain = await new CliHarness().run('snippet curl --user bob');
    assert.equal(withoutDomain.code, 1);
    assert.equal(withoutDomain.stderr, 'dynonym: --domain is needed: what the client reports\n');
  });

  test('docs/clients.md is what the program prints (npm run docs)', () => {
    const written = readFileSync(new URL('../../../../docs/clients.md', import.meta.url), 'utf8');
    assert.equal(written, clientsDocument());
  });
});
