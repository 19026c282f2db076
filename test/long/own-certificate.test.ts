import assert from 'node:assert/strict';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { connect, type PeerCertificate } from 'node:tls';
import { AcmeCertificateAuthority } from '../../src/adapters/acme/acme-certificate-authority.ts';
import { AcmeFolder } from '../../src/adapters/acme/acme-folder.ts';
import { certificateFacts } from '../../src/adapters/files/certificate-file.ts';
import { SystemClock } from '../../src/adapters/system/system-clock.ts';
import type { DnsChallenge } from '../../src/application/ports/certificate-authority.ts';
import { type DomainName, domainName } from '../../src/domain/domain-name.ts';
import { type SocketAddress, socketText } from '../../src/domain/socket-address.ts';
import { certificateAuthorityContract } from '../contract/certificate-authority.contract.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { freePort } from '../support/free-port.ts';
import { Installation } from '../support/installation.ts';
import { describeWithServers, PRIMARIES } from '../support/name-servers/describe-with-servers.ts';
import { KEYS } from '../support/name-servers/keys.ts';
import { nsupdate } from '../support/name-servers/nsupdate.ts';
import { DYN_ZONE } from '../support/name-servers/zones.ts';
import { type Pebble, type PebbleOptions, startPebble } from '../support/pebble.ts';
import type { RunningProcess } from '../support/run-process.ts';
import { startProgram } from '../support/run-program.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const NAME = `ddns.${DYN_ZONE}`;
const NAMES = [NAME, `*.${NAME}`];

/** An installation whose updates go to the name server at `dns`. */
type Site = { readonly installation: Installation; readonly dns: SocketAddress };

describeWithTools('HTTPS that sets itself up, with a real authority:', ['pebble', 'openssl'], () => {
  describeWithServers(PRIMARIES, (server) => {
    ownCertificate(
      async () => ({
        installation: await Installation.create(server(), KEYS.sha256),
        dns: server().socket,
      }),
      true,
    );
  });

  describeWithServers(['bind'], (server) => {
    const update = (verb: string, { name, value }: DnsChallenge) =>
      nsupdate(server().socket, `update ${verb} ${name}. 60 TXT "${value}"`, KEYS.sha256);
    certificateAuthorityContract('AcmeCertificateAuthority', async () => {
      const { directory, authorityFile, stop } = await startPebble(server().socket);
      after(stop);
      const folder = new AcmeFolder(join(tempFolder(), 'acme'));
      await folder.alone(async () => {});
      const names = NAMES.map(domainName) as [DomainName, DomainName];
      const ca = readFileSync(authorityFile, 'utf8');
      const settings = { names, directory, ca, data: folder.path, nameServers: [] };
      return {
        authority: new AcmeCertificateAuthority(
          { ...settings, email: undefined, externalAccount: undefined },
          folder,
          new SystemClock(),
        ),
        answers: {
          present: async (challenge) => void (await update('add', challenge)),
          cleanUp: async (challenge) => void (await update('delete', challenge)),
        },
        names,
        namesIn: (chain) => certificateFacts(chain).names,
      };
    });
  });

  describe('our own name server', () => {
    ownCertificate(async () => {
      const installation = new Installation();
      const port = await freePort();
      const zone = `name = "${DYN_ZONE}"\nns = ["ns1.${DYN_ZONE}"]\nglue = { "ns1.${DYN_ZONE}" = ["127.0.0.1"] }`;
      writeFileSync(
        join(installation.folder, 'dynonym.toml'),
        `[http]\nsocket = "127.0.0.1:0"\n[nameserver]\nsockets = ["127.0.0.1:${port}"]\n[[nameserver.zones]]\n${zone}\n`,
        { mode: 0o600 },
      );
      return { installation, dns: { address: { family: 'ipv4', text: '127.0.0.1' }, port } };
    }, false);
  });
});

type Wish = PebbleOptions & {
  /** More of [http.tls.acme]. */
  readonly more?: string;
  readonly names?: readonly string[];
};

/** @param isShared several servers may update the zone at the same time. */
function ownCertificate(open: () => Promise<Site>, isShared: boolean): void {
  async function setUp({ more = '', names = NAMES, ...options }: Wish = {}) {
    const { installation, dns } = await open();
    const pebble = await startPebble(dns, options);
    after(() => pebble.stop());
    after(() => installation.stop());
    const admin = `127.0.0.1:${await freePort()}`;
    installation.append(`[admin]\nsocket = "${admin}"\n${acmeSection(pebble, names, more)}`);
    const ask = async (path: string) => (await fetch(`http://${admin}${path}`)).text();
    return { installation, dns, pebble, ask, folder: join(installation.folder, 'acme') };
  }

  test('it begins self-signed, and has a certificate for a name and its wildcard soon', async () => {
    const { installation, dns, ask, folder } = await setUp();
    const url = await installation.serve();
    const { subjectaltname } = await issuedAt(url);
    assert.deepEqual(subjectaltname?.split(', ').toSorted(), NAMES.map((name) => `DNS:${name}`).toSorted());
    assert.match(installation.server.stderr, /HTTPS has a self-signed certificate/);
    assert.match(await ask('/readyz'), /\ncertificate good until 20/);
    assert.match(await ask('/metrics'), /^dynonym_certificate_not_after_seconds [1-9]\d{9}/m);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    assert.deepEqual(readdirSync(folder).toSorted(), ['account.pem', 'certificate.pem']);
    for (const file of readdirSync(folder)) assert.equal(statSync(join(folder, file)).mode & 0o777, 0o600);
    const { stdout } = await installation.run(['check', '--no-secondaries']);
    assert.match(stdout, /^The certificate of HTTPS is good until 20..-..-..\.$/m);
    await leavesNothing(dns, installation);
  });

  test('a renewal costs no request', async () => {
    const { installation } = await setUp({ validity: 90 });
    const url = await installation.serve();
    const { serialNumber } = await issuedAt(url);
    const load = new Load(url);
    await issuedAt(url, ({ serialNumber: other }) => other !== serialNumber);
    const { answers, failures } = await load.end();
    assert.deepEqual(failures, []);
    assert.ok(answers > 20, `${answers} answers`);
  });

  if (isShared) {
    test('two servers that start at once order one certificate, and both use it', async () => {
      const { installation, pebble } = await setUp();
      const own = installation.configuration;
      writeFileSync(
        join(installation.folder, 'second.toml'),
        own.replace(/(\[admin\]\nsocket = ")[^"]*/, '$1127.0.0.1:0'),
        { mode: 0o600 },
      );
      const options = { cwd: installation.folder };
      const second = startProgram(['serve', '--config', 'second.toml', '--lock', 'second.lock'], options);
      after(async () => {
        second.kill('SIGTERM');
        await second.end();
      });
      const [one, other] = await Promise.all([
        installation.serve().then((url) => issuedAt(url)),
        httpsOf(second).then((url) => issuedAt(url)),
      ]);
      assert.equal(one.serialNumber, other.serialNumber);
      assert.equal(pebble.log.match(/Issued certificate/g)?.length, 1);
    });
  }

  for (const [what, wish, code] of [
    ['a folder that cannot be written', { more: 'data = "dynonym.toml/acme"' }, 'CERTIFICATES_UNWRITABLE'],
    ['an order that is rejected', { blocked: [NAME] }, 'CA_REFUSED'],
    ['an authority that is not there', { more: 'directory = "https://127.0.0.1:9/dir"' }, 'CA_UNREACHABLE'],
  ] as const) {
    test(`${what} is told once with its cause, and HTTPS goes on`, async () => {
      const { installation, ask } = await setUp(wish);
      const url = await installation.serve();
      const line = await until(() => installation.server.stderr.match(/.*No certificate could be got.*/g), {
        what: 'the line in the log',
      });
      assert.equal(line.length, 1);
      assert.equal(JSON.parse(line[0] ?? '').error.code, code);
      assert.equal((await shownAt(url)).issuer.CN, 'dynonym');
      assert.match(await ask('/readyz'), /\ncertificate not there; ./);
      assert.match(
        await ask('/metrics'),
        /^dynonym_certificate_not_after_seconds 0\ndynonym_|_failed_orders 1$/m,
      );
      assert.ok(!existsSync(join(installation.folder, 'acme', 'certificate.pem')));
      const { stdout } = await installation.run(['check', '--no-secondaries']);
      assert.match(stdout, /^certificate-missing: http\.tls$/m);
    });
  }
}

function acmeSection({ directory, authorityFile }: Pebble, names: readonly string[], more: string): string {
  const common = `names = ${JSON.stringify(names)}\nemail = "alice@example.org"\nca_file = "${authorityFile}"`;
  return `[http.tls.acme]\n${common}\n${more.startsWith('directory') ? '' : `directory = "${directory}"\n`}${more}\n`;
}

const httpsOf = (server: RunningProcess): Promise<string> =>
  until(() => /"addresses":\["(https[^"]+)"/.exec(server.stderr)?.[1], { what: 'the server listens' });

/** The certificate that HTTPS shows. */
async function shownAt(url: string): Promise<PeerCertificate> {
  const { hostname: host, port } = new URL(url);
  const socket = connect({ host, port: Number(port), servername: NAME, rejectUnauthorized: false });
  try {
    await once(socket, 'secureConnect');
    return socket.getPeerCertificate();
  } finally {
    socket.destroy();
  }
}

/** Waits for a certificate of the authority. */
const issuedAt = (url: string, isWanted: (shown: PeerCertificate) => boolean = () => true) =>
  until(
    async () => {
      const shown = await shownAt(url);
      return /pebble/i.test(String(shown.issuer.CN)) && isWanted(shown) ? shown : undefined;
    },
    { what: 'the certificate of the authority' },
  );

/** Clients that ask again and again: one on a connection that it keeps, one on a new connection each time. */
class Load {
  #answers = 0;
  #ended = false;
  readonly #failures: string[] = [];
  readonly #clients: Promise<unknown>;

  constructor(url: string) {
    this.#clients = Promise.all([false, true].map((keepAlive) => this.#askForever(url, keepAlive)));
  }

  async end(): Promise<{ readonly answers: number; readonly failures: readonly string[] }> {
    this.#ended = true;
    await this.#clients;
    return { answers: this.#answers, failures: this.#failures };
  }

  async #askForever(url: string, keepAlive: boolean): Promise<void> {
    const agent = new Agent({ keepAlive, rejectUnauthorized: false });
    while (!this.#ended) {
      try {
        const sent = request(`${url}/ip`, { agent }).end();
        const [response] = await once(sent, 'response');
        let body = '';
        for await (const chunk of response) body += chunk;
        if (response.statusCode !== 200 || body !== '127.0.0.1')
          throw new Error(`${response.statusCode} ${body}`);
        this.#answers += 1;
      } catch (error) {
        this.#failures.push(String(error));
      }
    }
    agent.destroy();
  }
}

/** No challenge is in the DNS, and none is kept as ours. */
async function leavesNothing(dns: SocketAddress, { folder }: Installation): Promise<void> {
  const resolver = new Resolver();
  resolver.setServers([socketText(dns)]);
  await assert.rejects(resolver.resolveTxt(`_acme-challenge.${NAME}`), (error: { code?: string }) =>
    ['ENOTFOUND', 'ENODATA'].includes(error.code ?? ''),
  );
  assert.deepEqual(JSON.parse(readFileSync(join(folder, 'dynonym.challenges.json'), 'utf8')), []);
}
