import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { socketText } from '../../src/domain/socket-address.ts';
import type { TsigKey } from '../../src/domain/tsig-key.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { freePort } from '../support/free-port.ts';
import { Installation } from '../support/installation.ts';
import { describeWithServers, PRIMARIES } from '../support/name-servers/describe-with-servers.ts';
import { KEYS, secretText } from '../support/name-servers/keys.ts';
import { NameServer } from '../support/name-servers/name-server.ts';
import { nsupdate } from '../support/name-servers/nsupdate.ts';
import { POWERDNS, powerDnsWithPolicy } from '../support/name-servers/powerdns.ts';
import { DYN_ZONE, POLICY_ZONE } from '../support/name-servers/zones.ts';
import { runProgram } from '../support/run-program.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** A hash of nobody's password. */
const PW = `$2y$10$${'C'.repeat(21)}.${'a'.repeat(31)}`;
const token = (digit: string) =>
  `tokens = [{ name = "lego", sha256 = "${digit.repeat(64)}", use = "certificates" }]`;
const name = (label: string): string => `${label}.${DYN_ZONE}`;
const challengeOf = (label: string): string => `_acme-challenge.${name(label)}`;

/** Users who want certificates. What keeps them from it stands in the zone, or with another user. */
const USERS = [
  user('alice', ['fine', 'linked', 'lost', 'deleg-home'].map(name), token('a')),
  user('bob', [name('house')], token('b')),
  user('carol', [name('cam.house')]),
  user('dave', [name('shed')], `${token('d')}\ncertificates = false`),
].join('\n');

const PLANTED = `zone ${DYN_ZONE}
update add ${challengeOf('linked')} 60 CNAME ${challengeOf('fine')}
update add ${challengeOf('lost')} 60 CNAME challenges.example.net.
update add ${challengeOf('deleg-home')} 60 NS ns1.example.net.`;

function user(login: string, domains: readonly string[], more = ''): string {
  return `[users.${login}]\npw = "${PW}"\ndomains = ${JSON.stringify(domains)}\n${more}\n`;
}

type Finding = {
  readonly code: string;
  readonly severity: string;
  readonly problem: string;
  readonly cure: string;
};
type Report = {
  readonly configuration: readonly (Finding & { readonly subject: string })[];
  readonly domains: readonly {
    readonly domain: string;
    readonly kind: string;
    readonly findings: readonly Finding[];
  }[];
};

async function check(folder: string): Promise<Report> {
  const { stdout, stderr } = await runProgram(['check', '--json', '--no-secondaries'], { cwd: folder });
  assert.equal(stderr, '');
  return JSON.parse(stdout);
}

function configured(toml: string): string {
  const folder = tempFolder();
  writeFileSync(join(folder, 'dynonym.toml'), toml, { mode: 0o600 });
  return folder;
}

const primary = (server: NameServer, key: TsigKey, zone: string) => `[dns]
socket = "${socketText(server.socket)}"
zones = ["${zone}"]
[dns.tsig]
name = "${key.name}"
algorithm = "${key.algorithm}"
secret = "${secretText(key)}"
`;

const findingsAt = ({ domains }: Report, domain: string): readonly Finding[] =>
  domains.find((row) => row.kind === 'name' && row.domain === domain)?.findings ?? assert.fail(domain);
const codesAt = (report: Report, domain: string) =>
  findingsAt(report, domain).map(({ code, severity }) => [code, severity]);

/** What is found of users and of records in the zone, whoever serves it. */
function findsWhatIsPlanted(reported: () => Promise<Report>, delegated: string): void {
  it('says why a challenge cannot be written: an alias, a delegation, a name of somebody else, no right', async () => {
    const report = await reported();
    assert.deepEqual(codesAt(report, name('fine')), []);
    assert.deepEqual(codesAt(report, name('linked')), []);
    assert.deepEqual(codesAt(report, name('lost')), [['challenge-alias', 'warning']]);
    const [alias] = findingsAt(report, name('lost'));
    assert.match(alias?.problem ?? '', /_acme-challenge\.lost\S+ is an alias of challenges\.example\.net, /);
    assert.deepEqual(codesAt(report, name('deleg-home')), [[delegated, 'warning']]);
    const [delegation] = findingsAt(report, name('deleg-home'));
    assert.match(`${delegation?.problem} ${delegation?.cure}`, /_acme-challenge\.deleg-home/);
    assert.deepEqual(
      report.configuration.map(({ code, subject }) => [code, subject]),
      [
        ['certificates-withheld', 'bob/lego'],
        ['token-without-certificates', 'dave/lego'],
      ],
    );
  });
}

describeWithServers(PRIMARIES, (server, kind) => {
  findsWhatIsPlanted(async () => {
    assert.equal(await server().nsupdate(PLANTED), 'NOERROR');
    return check(configured(primary(server(), KEYS.sha256, DYN_ZONE) + USERS));
  }, 'delegated-elsewhere');

  it('says that the challenge cannot be written because the secret of the key is wrong', async () => {
    const key = { ...KEYS.sha256, secret: Buffer.alloc(32, 7) };
    const report = await check(configured(primary(server(), key, DYN_ZONE) + USERS));
    const code = kind === 'powerdns' ? 'key-secret-or-clock' : 'secret-wrong';
    assert.deepEqual(codesAt(report, name('fine')), [[code, 'problem']]);
  });

  if (kind !== 'powerdns') {
    it('says that the key may not change TXT at the challenge name, and which line to add', async () => {
      const domain = `host1.${POLICY_ZONE}`;
      const toml = primary(server(), KEYS.limited, POLICY_ZONE) + user('alice', [domain], token('a'));
      const report = await check(configured(toml));
      assert.deepEqual(codesAt(report, domain), [['policy-forbids', 'warning']]);
      const [{ cure } = assert.fail()] = findingsAt(report, domain);
      const line = {
        bind: `grant "${KEYS.limited.name}" name _acme-challenge.${domain}. TXT;`,
        knot: `key: ${KEYS.limited.name}, action: update, update-type: [TXT], update-owner: name, update-owner-match: equal, update-owner-name: [_acme-challenge.${domain}.]`,
      }[kind as 'bind' | 'knot'];
      assert.ok(cure.includes(line), cure);
    });
  }
});

describeWithTools('powerdns with a policy in Lua', POWERDNS.tools, () => {
  const policy = (line: string) => `function updatepolicy(input)
  ${line}
  return input:getQType() == pdns.A or input:getQType() == pdns.AAAA
end`;

  it('is said to drop TXT at the challenge name perhaps, and with the line that is told it does not', async () => {
    const server = await NameServer.start(powerDnsWithPolicy(policy('')));
    let cure: string;
    try {
      const toml = primary(server, KEYS.sha256, DYN_ZONE) + user('alice', [name('fine')], token('a'));
      const found = findingsAt(await check(configured(toml)), name('fine'));
      assert.deepEqual(
        found.map(({ code, severity }) => [code, severity]),
        [
          ['updates-may-be-dropped', 'warning'],
          ['updates-may-be-dropped', 'warning'],
        ],
      );
      cure = found[1]?.cure ?? '';
    } finally {
      await server.stop();
    }
    const line = /if input:getQName\(\).* end(?=;)/.exec(cure)?.[0] ?? assert.fail(cure);
    const mended = await NameServer.start(powerDnsWithPolicy(policy(line)));
    try {
      await mended.nsupdate(
        `update add ${challengeOf('fine')} 60 TXT value\nupdate add ${challengeOf('other')} 60 TXT value`,
      );
      assert.equal((await mended.query(challengeOf('fine'), 'TXT')).answers.length, 1);
      assert.equal((await mended.query(challengeOf('other'), 'TXT')).answers.length, 0);
    } finally {
      await mended.stop();
    }
  });
});

describeWithTools('our own name server', ['nsupdate'], () => {
  describe('of the zones that it serves', () => {
    findsWhatIsPlanted(async () => {
      const installation = new Installation();
      const socket = { address: { family: 'ipv4', text: '127.0.0.1' }, port: await freePort() } as const;
      const key = KEYS.sha256;
      const toml = `[http]
socket = "127.0.0.1:0"
[nameserver]
sockets = ["${socketText(socket)}"]
[[nameserver.keys]]
name = "${key.name}"
secret = "${secretText(key)}"
[[nameserver.zones]]
name = "${DYN_ZONE}"
ns = ["ns1.${DYN_ZONE}"]
glue = { "ns1.${DYN_ZONE}" = ["127.0.0.1"] }
updates = [{ key = "${key.name}" }]
`;
      writeFileSync(join(installation.folder, 'dynonym.toml'), toml + USERS, { mode: 0o600 });
      await installation.serve();
      try {
        assert.equal(await nsupdate(socket, PLANTED, key), 'NOERROR');
        return await check(installation.folder);
      } finally {
        await installation.stop();
      }
    }, 'challenge-delegated');

    it('says that no zone of it holds the name', async () => {
      const zone = `[nameserver]\nsockets = ["127.0.0.1:53"]\n[[nameserver.zones]]\nname = "${POLICY_ZONE}"\nns = ["ns.example.net"]\n`;
      const report = await check(configured(zone + USERS));
      assert.deepEqual(codesAt(report, name('fine')), [['no-zone', 'problem']]);
    });
  });
});
