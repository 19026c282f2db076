import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { Resolver } from 'node:dns/promises';
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type SocketAddress, socketText } from '../../src/domain/socket-address.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { freePort } from '../support/free-port.ts';
import { Installation } from '../support/installation.ts';
import { describeWithServers, PRIMARIES } from '../support/name-servers/describe-with-servers.ts';
import { KEYS } from '../support/name-servers/keys.ts';
import { DYN_ZONE } from '../support/name-servers/zones.ts';
import { type Pebble, startPebble } from '../support/pebble.ts';
import { runProcess } from '../support/run-process.ts';
import { type Tool, toolPath } from '../support/tools.ts';

const CLIENTS = ['pebble', 'lego', 'certbot', 'curl', 'openssl'] as const;
const PASSWORD = 'correct-horse-battery';
const NAMES = ['one', 'two', 'both'].map((label) => `${label}.${DYN_ZONE}`);
const [ONE = '', TWO = '', BOTH = ''] = NAMES;

describeWithTools('certificates from a real authority:', [...CLIENTS], () => {
  describeWithServers(PRIMARIES, (server) => {
    certificates(async () => ({
      installation: await Installation.create(server(), KEYS.sha256),
      dns: server().socket,
    }));
  });

  describe('our own name server', () => {
    certificates(async () => {
      const installation = new Installation();
      const port = await freePort();
      const zone = `name = "${DYN_ZONE}"\nns = ["ns1.${DYN_ZONE}"]\nglue = { "ns1.${DYN_ZONE}" = ["127.0.0.1"] }`;
      writeFileSync(
        join(installation.folder, 'dynonym.toml'),
        `[http]\nsocket = "127.0.0.1:0"\n[nameserver]\nsockets = ["127.0.0.1:${port}"]\n[[nameserver.zones]]\n${zone}\n`,
        { mode: 0o600 },
      );
      return { installation, dns: { address: { family: 'ipv4', text: '127.0.0.1' }, port } };
    });
  });
});

type Site = { readonly installation: Installation; readonly dns: SocketAddress };

/** Real clients get and renew certificates by the snippets as they are printed. */
function certificates(open: () => Promise<Site>): void {
  let site: Site;
  let pebble: Pebble;
  let url: string;

  before(async () => {
    site = await open();
    await site.installation.addUser('alice', PASSWORD, ...NAMES);
    url = await site.installation.serve();
    pebble = await startPebble(site.dns);
  });
  after(async () => {
    await pebble?.stop();
    await site?.installation.stop();
  });

  /** A shell in which the client is told of the test's authority and name server; what is typed is the snippet. */
  async function shell(tool: Tool, options: readonly string[], script: string): Promise<void> {
    const { folder } = site.installation;
    const bin = mkdtempSync(join(folder, 'bin-'));
    const wrapper = join(bin, tool);
    writeFileSync(wrapper, `#!/bin/sh\nexec ${toolPath(tool)} ${options.join(' ')} "$@"\n`);
    chmodSync(wrapper, 0o700);
    const { status, stdout, stderr } = await runProcess('sh', ['-ec', script], {
      cwd: folder,
      env: {
        PATH: `${bin}${delimiter}${process.env['PATH']}`,
        LEGO_CA_CERTIFICATES: pebble.authorityFile,
        REQUESTS_CA_BUNDLE: pebble.authorityFile,
      },
    });
    const log = status === 0 ? '' : (await site.installation.server.stderr).slice(-2_000);
    assert.equal(status, 0, `${script}\n${stdout}\n${stderr}\n${log}`);
  }

  async function snippet(id: string, ...names: readonly string[]): Promise<string> {
    const domains = names.flatMap((name) => ['--domain', name]);
    const words = ['snippet', id, '--user', 'alice', '--url', url, ...domains];
    return (await site.installation.command(words)).replace(/'SECRET'|PASSWORD(?!=)/, PASSWORD);
  }

  const lego = (script: string, path = 'lego') => {
    const dns = ['--dns.disable-cp', '--dns.resolvers', socketText(site.dns)];
    return shell('lego', ['--server', pebble.directory, '--path', path, ...dns], script);
  };
  const certbot = (script: string) => {
    const folders = ['--config-dir', 'certbot', '--work-dir', 'certbot/work', '--logs-dir', 'certbot/logs'];
    return shell('certbot', ['-n', '--server', pebble.directory, ...folders], script);
  };

  function certifies(file: string, ...names: readonly string[]): string {
    const { subjectAltName = '', serialNumber } = new X509Certificate(
      readFileSync(join(site.installation.folder, file)),
    );
    assert.deepEqual(subjectAltName.split(', ').toSorted(), names.map((name) => `DNS:${name}`).toSorted());
    return serialNumber;
  }

  /** No value of ours is in the DNS, and none is kept as ours. */
  async function leavesNothing(): Promise<void> {
    const resolver = new Resolver();
    resolver.setServers([socketText(site.dns)]);
    for (const name of NAMES) {
      await assert.rejects(resolver.resolveTxt(`_acme-challenge.${name}`), (error: { code?: string }) =>
        ['ENOTFOUND', 'ENODATA'].includes(error.code ?? ''),
      );
    }
    const kept = readFileSync(join(site.installation.folder, 'dynonym.challenges.json'), 'utf8');
    assert.deepEqual(JSON.parse(kept), []);
  }

  test('lego gets and renews one for a name and its wildcard, and two names at the same time', async () => {
    const order = await snippet('lego-httpreq', BOTH, `*.${BOTH}`);
    await lego(order);
    const file = `lego/certificates/${BOTH}.crt`;
    const serial = certifies(file, BOTH, `*.${BOTH}`);
    await lego(order.replace(/run\s*$/, 'renew --days 9999 --no-random-sleep\n'));
    assert.notEqual(certifies(file, BOTH, `*.${BOTH}`), serial);
    const orders = await Promise.all([ONE, TWO].map((name) => snippet('lego-httpreq', name)));
    await Promise.all(orders.map((each, index) => lego(each, `lego${index}`)));
    certifies(`lego0/certificates/${ONE}.crt`, ONE);
    certifies(`lego1/certificates/${TWO}.crt`, TWO);
    await leavesNothing();
  });

  test('certbot gets and renews one for a name and its wildcard by its hooks', async () => {
    await certbot(await snippet('certbot-hooks', BOTH, `*.${BOTH}`));
    const file = `certbot/live/${BOTH}/cert.pem`;
    const serial = certifies(file, BOTH, `*.${BOTH}`);
    await certbot('certbot renew --force-renewal --no-random-sleep-on-renew');
    assert.notEqual(certifies(file, BOTH, `*.${BOTH}`), serial);
    await leavesNothing();
  });
}
