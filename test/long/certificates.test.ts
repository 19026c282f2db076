import assert from 'node:assert/strict';
import { Resolver } from 'node:dns/promises';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parseTsigKeyFile } from '../../src/adapters/cli/tsig-key-file.ts';
import { type SocketAddress, socketText } from '../../src/domain/socket-address.ts';
import { type CertificateClient, certbotAt, legoAt } from '../support/certificate-clients.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { freePort } from '../support/free-port.ts';
import { Installation } from '../support/installation.ts';
import { describeWithServers, PRIMARIES } from '../support/name-servers/describe-with-servers.ts';
import { KEYS, secretText } from '../support/name-servers/keys.ts';
import { nsupdate } from '../support/name-servers/nsupdate.ts';
import { DYN_ZONE } from '../support/name-servers/zones.ts';
import { valueIn } from '../support/parsed.ts';
import { type Pebble, startPebble } from '../support/pebble.ts';

const RFC2136_PLUGIN = '/usr/lib/python3/dist-packages/certbot_dns_rfc2136/__init__.py';
const TOOLS = ['pebble', 'lego', 'certbot', RFC2136_PLUGIN, 'curl', 'openssl', 'nsupdate'] as const;
const PASSWORD = 'correct-horse-battery';
const NAMES = ['one', 'two', 'both'].map((label) => `${label}.${DYN_ZONE}`);
const [ONE = '', TWO = '', BOTH = ''] = NAMES;
/** A name with its wildcard in one order, and two names, all at the same time. */
const ORDERS = [[BOTH, `*.${BOTH}`], [ONE], [TWO]] as const;

/** What sends the challenges, by the name of its snippet. */
type Program = {
  readonly snippet: string;
  readonly client: (pebble: Pebble, dns: SocketAddress) => CertificateClient;
  /** It deletes what others wrote at the challenge name. */
  readonly clears?: true;
};
const HTTP: readonly Program[] = [
  { snippet: 'lego-httpreq', client: legoAt },
  { snippet: 'certbot-hooks', client: certbotAt },
];
const SIGNED: readonly Program[] = [
  { snippet: 'certbot', client: certbotAt },
  { snippet: 'lego', client: legoAt, clears: true },
];

describeWithTools('certificates from a real authority:', [...TOOLS], () => {
  describeWithServers(PRIMARIES, (server) => {
    certificates({
      open: async () => ({
        installation: await Installation.create(server(), KEYS.sha256),
        dns: server().socket,
        key: KEYS.sha256,
      }),
      programs: HTTP,
    });
  });

  // Clients that speak DNS talk to the primary itself. dynonym has a part in it only where it is the primary.
  describe('our own name server', () => {
    certificates({ open: ownNameServer, programs: [...HTTP, ...SIGNED] });
  });
});

type Site = {
  readonly installation: Installation;
  readonly dns: SocketAddress;
  /** May change the challenges. */
  readonly key: Parameters<typeof nsupdate>[2] & object;
};

async function ownNameServer(): Promise<Site> {
  const installation = new Installation();
  const port = await freePort();
  const zone = `name = "${DYN_ZONE}"\nns = ["ns1.${DYN_ZONE}"]\nglue = { "ns1.${DYN_ZONE}" = ["127.0.0.1"] }`;
  writeFileSync(
    join(installation.folder, 'dynonym.toml'),
    `[http]\nsocket = "127.0.0.1:0"\n[nameserver]\nsockets = ["127.0.0.1:${port}"]\n[[nameserver.zones]]\n${zone}\n`,
    { mode: 0o600 },
  );
  const domains = NAMES.flatMap((name) => ['--domain', name]);
  const printed = await installation.command(['configure', 'nameserver', 'key', 'acme', ...domains]);
  const dns = { address: { family: 'ipv4', text: '127.0.0.1' }, port } as const;
  return { installation, dns, key: valueIn(parseTsigKeyFile(printed)) };
}

/** Real clients get and renew certificates by the snippets as they are printed. */
function certificates({
  open,
  programs,
}: {
  readonly open: () => Promise<Site>;
  readonly programs: readonly Program[];
}): void {
  let site: Site;
  let pebble: Pebble;
  let url: string;

  before(async () => {
    site = await open();
    await site.installation.addUser('alice', PASSWORD, ...NAMES);
    url = await site.installation.serve();
    pebble = await startPebble(site.dns);
    // What stands there already: an address, and a value of somebody else at the challenge.
    const address = `${url}/nic/update?hostname=${NAMES.join(',')}&myip=192.0.2.7`;
    const authorization = `Basic ${Buffer.from(`alice:${PASSWORD}`).toString('base64')}`;
    assert.equal((await fetch(address, { headers: { authorization } })).status, 200);
    const script = `zone ${DYN_ZONE}\nupdate add _acme-challenge.${BOTH} 300 TXT "of somebody else"`;
    assert.equal(await nsupdate(site.dns, script, site.key), 'NOERROR');
  });
  after(async () => {
    await pebble?.stop();
    await site?.installation.stop();
  });

  async function print(id: string, names: readonly string[]): Promise<string> {
    const domains = names.flatMap((name) => ['--domain', name]);
    const isSigned = SIGNED.some(({ snippet }) => snippet === id);
    const [user, secret] = isSigned ? [site.key.name, secretText(site.key)] : ['alice', PASSWORD];
    const words = ['snippet', id, '--user', user, '--url', url, '--nameserver', socketText(site.dns)];
    const printed = await site.installation.command([...words, ...domains]);
    return printed.replace(/'SECRET'|PASSWORD(?!=)/, () => secret);
  }

  /** Everything at the names. */
  async function records() {
    const resolver = new Resolver();
    resolver.setServers([socketText(site.dns)]);
    const none = (error: { code?: string }): [] => {
      assert.match(error.code ?? '', /ENOTFOUND|ENODATA/);
      return [];
    };
    const at = async (name: string) => ({
      addresses: await resolver.resolve4(name, { ttl: true }).catch(none),
      challenges: (await resolver.resolveTxt(`_acme-challenge.${name}`).catch(none)).flat(),
    });
    return Promise.all(NAMES.map(at));
  }

  for (const { snippet, client, clears = false } of programs) {
    test(`${snippet}: gets and renews one for a name and its wildcard, and for two names at the same time`, async () => {
      const found = await records();
      const clients = await Promise.all(
        ORDERS.map(async (names) => ({
          names,
          text: await print(snippet, names),
          client: client(pebble, site.dns),
        })),
      );
      await Promise.all(clients.map((each) => each.client.get(each.text)));
      const first = clients.map((each) => certified(each.client, each.names));
      await Promise.all(clients.map((each) => each.client.renew(each.text)));
      const second = clients.map((each) => certified(each.client, each.names));
      for (const [index, serial] of first.entries()) assert.notEqual(second[index], serial);

      const left = clears ? found.map((each) => ({ ...each, challenges: [] })) : found;
      assert.deepEqual(await records(), left);
      const kept = readFileSync(join(site.installation.folder, 'dynonym.challenges.json'), 'utf8');
      assert.deepEqual(JSON.parse(kept), []);
    });
  }
}

/** The serial number of a certificate for exactly these names. */
function certified(client: CertificateClient, names: readonly string[]): string {
  const { subjectAltName = '', serialNumber } = client.certificate(names[0] ?? '');
  assert.deepEqual(subjectAltName.split(', ').toSorted(), names.map((name) => `DNS:${name}`).toSorted());
  return serialNumber;
}
