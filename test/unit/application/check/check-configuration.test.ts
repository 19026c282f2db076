import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CheckConfiguration } from '../../../../src/application/check/check-configuration.ts';
import type { NameServerSettings } from '../../../../src/application/manage/settings.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import { type HostSettings, unknownHost } from '../../../../src/domain/host-settings.ts';
import { ttl } from '../../../../src/domain/ttl.ts';
import { parseUserName, type User } from '../../../../src/domain/user.ts';
import { MemoryHostStore } from '../../../fakes/memory-host-store.ts';
import { MemoryUserStore } from '../../../fakes/memory-user-store.ts';
import { valueIn } from '../../../support/parsed.ts';

const HOME = domainName('home.example.org');
const NAS = domainName('nas.example.org');

const ALICE: User = {
  name: valueIn(parseUserName('alice')),
  passwordHash: '',
  domains: [HOME],
  offline: false,
  networks: [],
  tokens: [],
};

async function findings(users: User[], hosts: HostSettings[] = [], ...openPlaces: string[]) {
  return checkConfiguration({ users, hosts, openPlaces }).run();
}

function checkConfiguration(has: {
  users: User[];
  hosts?: HostSettings[];
  openPlaces?: string[];
  nameServer?: NameServerSettings;
}) {
  const { users, hosts = [], openPlaces = [], nameServer } = has;
  return new CheckConfiguration(
    new MemoryUserStore(users),
    new MemoryHostStore(hosts),
    { openToEverybody: async () => openPlaces },
    { nameServer },
  );
}

async function codes(...what: Parameters<typeof findings>): Promise<string[]> {
  return (await findings(...what)).map(({ code, ...about }) => [code, ...Object.values(about)].join(' '));
}

describe('CheckConfiguration', () => {
  it('a user with a name and a token for it, a host that follows: nothing is found', async () => {
    const tokens = [
      { name: 'router', digest: '', domains: [HOME] },
      { name: 'phone', digest: '', domains: undefined },
    ];
    const hosts = [{ ...unknownHost(NAS), follows: HOME }, unknownHost(HOME)];
    assert.deepEqual(await codes([{ ...ALICE, tokens }], hosts), []);
  });

  it('no users', async () => {
    assert.deepEqual(await codes([]), ['no-users']);
  });

  it('a user without domains, unless it is an operator', async () => {
    assert.deepEqual(await codes([{ ...ALICE, domains: [] }]), ['user-without-domains alice']);
    assert.deepEqual(await codes([{ ...ALICE, domains: [], admin: true }]), []);
  });

  it('a token for names that its owner may not change', async () => {
    const tokens = [{ name: 'router', digest: '', domains: [HOME, NAS] }];
    assert.deepEqual(await codes([{ ...ALICE, tokens }]), [`token-beyond-rights alice router ${NAS}`]);
  });

  it('a token for certificates of a user who may get none', async () => {
    const tokens = [{ name: 'lego', digest: '', domains: undefined, use: 'certificates' as const }];
    assert.deepEqual(await codes([{ ...ALICE, tokens, certificates: false }]), [
      'token-without-certificates alice lego',
    ]);
  });

  it('a token for certificates that would cover names of others, unless the operator allows that', async () => {
    const tokens = [{ name: 'lego', digest: '', domains: undefined, use: 'certificates' as const }];
    const bob = { ...ALICE, name: valueIn(parseUserName('bob')), domains: [domainName(`cam.${HOME}`)] };
    assert.deepEqual(await codes([{ ...ALICE, tokens }, bob]), [`certificates-withheld alice lego ${HOME}`]);
    assert.deepEqual(await codes([{ ...ALICE, tokens, certificates: true }, bob]), []);
    assert.deepEqual(await codes([{ ...bob, tokens }, ALICE]), []);
  });

  it('a host that follows a name that nobody was granted', async () => {
    const hosts = [{ ...unknownHost(NAS), follows: domainName('other.example.org') }];
    assert.deepEqual(await codes([ALICE], hosts), [`host-follows-nobody ${NAS} other.example.org`]);
  });

  it('settings for a host that nobody was granted and that follows nobody', async () => {
    assert.deepEqual(await codes([ALICE], [unknownHost(NAS)]), [`host-of-nobody ${NAS}`]);
  });

  it('secrets that everybody can read', async () => {
    assert.deepEqual(await codes([ALICE], [], '/etc/dynonym.toml'), [
      'readable-by-everybody /etc/dynonym.toml',
    ]);
  });

  it('zones of the built-in name server while [dns] takes the updates: found, also at the start', async () => {
    const zone = {
      name: domainName('dyn.example.org'),
      servers: [],
      hostmaster: 'hostmaster.dyn.example.org',
      ttl: ttl(300),
      negativeTtl: ttl(60),
      updates: [],
      transfer: [],
      notify: [],
    };
    const nameServer = { sockets: [], data: 'zones', zones: [zone] };
    const bypassed = checkConfiguration({
      users: [ALICE],
      nameServer: { ...nameServer, takesUpdates: false },
    });
    const finding = { code: 'zones-bypassed', zones: ['dyn.example.org'] };
    assert.deepEqual(await bypassed.run(), [finding]);
    assert.deepEqual(await bypassed.ofSettings(), [finding]);
    const served = checkConfiguration({ users: [ALICE], nameServer: { ...nameServer, takesUpdates: true } });
    assert.deepEqual(await served.run(), []);
  });

  it('for a server: open secrets and no users, and nothing of single users', async () => {
    const check = (...users: User[]) =>
      checkConfiguration({ users, hosts: [unknownHost(NAS)], openPlaces: ['/etc/dynonym.toml'] });
    const open = { code: 'readable-by-everybody', place: '/etc/dynonym.toml' };
    assert.deepEqual(await check().ofSettings(), [open]);
    assert.deepEqual(await check().ofUsers(), [{ code: 'no-users' }]);
    assert.deepEqual(await check({ ...ALICE, domains: [] }).ofUsers(), []);
  });
});
