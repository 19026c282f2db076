import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CheckPrimaries } from '../../../../src/application/check/check-primaries.ts';
import {
  DEFAULT_SETTINGS,
  type Primary,
  type Settings,
} from '../../../../src/application/manage/settings.ts';
import type { ProbeFinding, ProbeResult } from '../../../../src/application/ports/primary-probe.ts';
import { type DomainName, domainName } from '../../../../src/domain/domain-name.ts';
import { type HostSettings, unknownHost } from '../../../../src/domain/host-settings.ts';
import { parseSocketAddress } from '../../../../src/domain/socket-address.ts';
import type { User } from '../../../../src/domain/user.ts';
import { MemoryHostStore } from '../../../fakes/memory-host-store.ts';
import { MemoryUserStore } from '../../../fakes/memory-user-store.ts';
import { ScriptedPrimaryProbe } from '../../../fakes/scripted-primary-probe.ts';
import { userNamed } from '../../../support/fixtures.ts';
import { valueIn } from '../../../support/parsed.ts';

const QUIET = { secondaries: false };

function primary(socket: string, ...zones: string[]): Primary {
  const { transport, tls, tsig } = DEFAULT_SETTINGS.dns;
  return {
    socket: valueIn(parseSocketAddress(socket)),
    zones: zones.map(domainName),
    transport,
    tls,
    tsig,
  };
}

function settingsOf(first: Primary, ...servers: Primary[]): Settings {
  return { ...DEFAULT_SETTINGS, dns: { ...DEFAULT_SETTINGS.dns, ...first }, servers };
}

const user = (name: string, ...domains: string[]) => userNamed(name, domains);

const follower = (name: string, follows: string): HostSettings => ({
  ...unknownHost(domainName(name)),
  follows: domainName(follows),
});

function setUp(
  settings: Settings,
  users: User[] = [],
  {
    hosts = [],
    probe = new ScriptedPrimaryProbe(),
  }: { hosts?: HostSettings[]; probe?: ScriptedPrimaryProbe } = {},
) {
  const check = new CheckPrimaries(settings, new MemoryUserStore(users), new MemoryHostStore(hosts), probe);
  return { check, probe };
}

const A_ZONE = primary('192.0.2.1:53', 'example.org');

describe('CheckPrimaries', () => {
  it('asks about a name of an account in the zone of accounts, or tells that nobody serves the zone', async () => {
    const acme = { zone: domainName('acme.example.org') };
    const name = domainName(`${'0'.repeat(32)}.acme.example.org`);
    const cause = { code: 'policy-forbids', name, types: ['TXT'] } as const;
    const findings = [{ cause, severity: 'problem', problem: 'p', cure: 'c' }] as const;
    const probe = new ScriptedPrimaryProbe({ [name]: { zone: undefined, findings } });
    const served = setUp({ ...settingsOf(A_ZONE), acme }, [], { probe });
    const [, checked] = await served.check.run(QUIET);
    assert.deepEqual([checked?.domain, checked?.kind, checked?.findings], [acme.zone, 'name', findings]);
    const elsewhere = setUp({ ...settingsOf(primary('192.0.2.1:53', 'example.net')), acme });
    const [, missing] = await elsewhere.check.run(QUIET);
    assert.deepEqual(
      missing?.findings.map(({ cause }) => cause.code),
      ['no-zone'],
    );
  });

  it('asks about the challenge of a name where a certificate is wanted for it, and warns', async () => {
    const name = domainName('_acme-challenge.home.example.org');
    const findings = [
      {
        cause: { code: 'policy-forbids', name, types: ['TXT'] },
        severity: 'problem',
        problem: 'p',
        cure: 'c',
      },
      { cause: { code: 'secondary-silent', secondary: 'ns2' }, severity: 'warning', problem: 'p', cure: 'c' },
    ] as const;
    const probe = new ScriptedPrimaryProbe({ [name]: { zone: undefined, findings } });
    const token = { name: 'lego', digest: '', domains: undefined, use: 'certificates' as const };
    const users = [
      { ...user('alice', '*.home.example.org'), tokens: [token] },
      user('bob', 'cam.example.org'),
      { ...user('carol', 'nas.example.org'), certificates: true },
    ];
    const { check } = setUp(settingsOf(A_ZONE), users, { probe });
    const rows = await check.run(QUIET);
    const asked = probe.calls.filter(({ subject }) => subject.types.includes('TXT'));
    assert.deepEqual(asked.map(({ subject }) => subject.name).toSorted(), [
      '_acme-challenge.home.example.org',
      '_acme-challenge.nas.example.org',
    ]);
    const found = rows.flatMap(({ domain, findings }) =>
      findings.map(({ cause, severity }) => [domain, cause.code, severity]),
    );
    assert.deepEqual(found, [['*.home.example.org', 'policy-forbids', 'warning']]);
  });

  describe('an alias at a challenge name', () => {
    const at = domainName('_acme-challenge.home.example.org');
    const other = domainName('_acme-challenge.nas.example.org');
    const aliasTo = (name: DomainName, to: DomainName | undefined, type: 'CNAME' | 'DNAME' = 'CNAME') => {
      const cause = { code: 'alias', at: name, type, to } as const;
      const finding = { cause, severity: 'problem', problem: 'p', cure: 'c' } as const;
      return { [name]: { zone: undefined, findings: [finding] } };
    };
    async function found(results: Readonly<Record<string, ProbeResult>>) {
      const probe = new ScriptedPrimaryProbe(results);
      const users = [{ ...user('alice', 'home.example.org'), certificates: true }];
      const rows = await setUp(settingsOf(A_ZONE), users, { probe }).check.run(QUIET);
      return rows.flatMap(({ findings }) => findings.map(({ cause, severity }) => [cause, severity]));
    }
    const alias = (from: DomainName, to: DomainName | undefined) => [
      [{ code: 'challenge-alias', at: from, to }, 'warning'],
    ];

    it('that leads to another challenge name is followed, and that name is asked about', async () => {
      assert.deepEqual(await found(aliasTo(at, other)), []);
      const cause = { code: 'policy-forbids', name: other, types: ['TXT'] } as const;
      const finding = { cause, severity: 'problem', problem: 'p', cure: 'c' } as const;
      const results = { ...aliasTo(at, other), [other]: { zone: undefined, findings: [finding] } };
      assert.deepEqual(await found(results), [[cause, 'warning']]);
    });

    it('that leads elsewhere is found, at whichever step', async () => {
      const elsewhere = domainName('challenges.example.net');
      assert.deepEqual(await found(aliasTo(at, elsewhere)), alias(at, elsewhere));
      assert.deepEqual(await found(aliasTo(at, undefined)), alias(at, undefined));
      const foreign = domainName('_acme-challenge.example.net');
      assert.deepEqual(
        await found({ ...aliasTo(at, other), ...aliasTo(other, foreign) }),
        alias(other, foreign),
      );
    });

    it('that is one of a DNAME, or leads in a circle, is found', async () => {
      assert.deepEqual(await found(aliasTo(at, other, 'DNAME')), alias(at, undefined));
      assert.deepEqual(await found({ ...aliasTo(at, other), ...aliasTo(other, at) }), alias(at, other));
    });
  });

  it('asks about every configured zone, as a whole, before the names', async () => {
    const settings = settingsOf(A_ZONE, primary('192.0.2.2:53', 'example.net', 'lab.example.org'));
    const { check, probe } = setUp(settings, [user('alice', 'home.example.org')]);
    const rows = await check.run(QUIET);
    assert.deepEqual(
      rows.map(({ kind, domain, zone }) => [kind, domain, zone]),
      [
        ['zone', 'example.org', 'example.org'],
        ['zone', 'example.net', 'example.net'],
        ['zone', 'lab.example.org', 'lab.example.org'],
        ['name', 'home.example.org', 'example.org'],
      ],
    );
    assert.deepEqual(
      probe.calls.map(({ subject }) => subject.types),
      [[], [], [], ['A', 'AAAA']],
    );
  });

  it('a name that two users were granted: asked about once, and both are named', async () => {
    const { check, probe } = setUp(settingsOf(A_ZONE), [
      user('alice', 'home.example.org', 'home.example.org'),
      user('bob', 'home.example.org'),
    ]);
    const [, row, ...others] = await check.run(QUIET);
    assert.deepEqual([row?.users, others], [['alice', 'bob'], []]);
    assert.equal(probe.calls.length, 2);
  });

  it('a wildcard: asked about as it is', async () => {
    const { check, probe } = setUp(settingsOf(A_ZONE), [user('alice', '*.lab.example.org')]);
    await check.run(QUIET);
    assert.equal(probe.calls.at(-1)?.subject.name, '*.lab.example.org');
  });

  it('a host that follows a granted name: asked about, though nobody was granted it', async () => {
    const hosts = [
      follower('nas.example.org', 'home.example.org'),
      follower('tv.example.org', 'nobody.example.org'),
    ];
    const { check } = setUp(settingsOf(A_ZONE), [user('alice', 'home.example.org')], { hosts });
    const names = (await check.run(QUIET)).filter(({ kind }) => kind === 'name');
    assert.deepEqual(
      names.map(({ domain, users }) => [domain, users]),
      [
        ['home.example.org', ['alice']],
        ['nas.example.org', []],
      ],
    );
  });

  it('the closest zone decides which primary is asked', async () => {
    const settings = settingsOf(A_ZONE, primary('192.0.2.2:53', 'lab.example.org'));
    const domains = ['x.lab.example.org', 'x.notlab.example.org'];
    const { check, probe } = setUp(settings, [user('alice', ...domains)]);
    await check.run(QUIET);
    assert.deepEqual(
      probe.calls.slice(2).map(({ primary, subject }) => [primary, subject.zone]),
      [
        ['192.0.2.2:53', 'lab.example.org'],
        ['192.0.2.1:53', 'example.org'],
      ],
    );
  });

  it('a name in none of the zones: the primary without zones is to find it', async () => {
    const settings = settingsOf(A_ZONE, primary('192.0.2.2:53'));
    const { check, probe } = setUp(settings, [user('alice', 'home.example.net')]);
    await check.run(QUIET);
    const { primary: asked, subject } = probe.calls.at(-1) ?? {};
    assert.deepEqual([asked, subject?.name, subject?.zone], ['192.0.2.2:53', 'home.example.net', undefined]);
  });

  it('a name in none of the zones, and every primary has zones: a problem, and nobody is asked', async () => {
    const { check, probe } = setUp(settingsOf(A_ZONE), [user('alice', 'home.example.net')]);
    const row = (await check.run(QUIET)).at(-1);
    assert.deepEqual([row?.primary, row?.zone], [undefined, undefined]);
    assert.deepEqual(
      row?.findings.map(({ cause, severity }) => [cause.code, severity]),
      [['no-zone', 'problem']],
    );
    assert.equal(probe.calls.length, 1);
  });

  it('what a primary says is told with its zone', async () => {
    const finding: ProbeFinding = {
      cause: { code: 'key-unknown' },
      severity: 'problem',
      problem: 'it does not know the key',
      cure: 'add the key',
    };
    const zone = domainName('example.net');
    const probe = new ScriptedPrimaryProbe({ 'home.example.net': { zone, findings: [finding] } });
    const { check } = setUp(settingsOf(primary('192.0.2.1:53')), [user('alice', 'home.example.net')], {
      probe,
    });
    const [row] = await check.run(QUIET);
    assert.deepEqual([row?.zone, row?.findings], [zone, [finding]]);
  });

  it('many names: a few at a time, told in their order', async () => {
    const domains = Array.from({ length: 60 }, (_, index) => `h${index}.example.org`);
    const { check, probe } = setUp(settingsOf(A_ZONE), [user('alice', ...domains)]);
    const rows = await check.run(QUIET);
    assert.deepEqual(
      rows.map(({ domain }) => domain),
      ['example.org', ...domains],
    );
    assert.ok(probe.mostUnderWay > 1 && probe.mostUnderWay <= 8, `${probe.mostUnderWay}`);
  });

  it('secondaries are compared when that is asked for', async () => {
    for (const secondaries of [true, false]) {
      const { check, probe } = setUp(settingsOf(A_ZONE));
      await check.run({ secondaries });
      assert.deepEqual(probe.calls[0]?.options, { secondaries });
    }
  });

  it('without users and zones there is nothing to ask', async () => {
    const { check } = setUp(settingsOf(primary('192.0.2.1:53')));
    assert.deepEqual(await check.run(QUIET), []);
  });
});
