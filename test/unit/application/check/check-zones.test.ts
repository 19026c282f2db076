import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CheckZones } from '../../../../src/application/check/check-zones.ts';
import type { Settings } from '../../../../src/application/manage/settings.ts';
import type { KeptZone, Obstacle, ZoneArchive } from '../../../../src/application/ports/zone-archive.ts';
import { type DomainName, domainName } from '../../../../src/domain/domain-name.ts';
import { DynonymError } from '../../../../src/domain/errors.ts';
import { unknownHost } from '../../../../src/domain/host-settings.ts';
import { MemoryHostStore } from '../../../fakes/memory-host-store.ts';
import { MemoryUserStore } from '../../../fakes/memory-user-store.ts';
import { userNamed } from '../../../support/fixtures.ts';

const unexpected = () => Promise.reject(new Error('nobody asks for records'));

function archiveOf(...zones: KeptZone[]): ZoneArchive {
  return {
    obstacleAt: async () => undefined,
    zones: zones.map(({ name }) => name),
    list: async () => zones,
    masterFile: unexpected,
    recordLines: unexpected,
    import: unexpected,
  };
}

const kept = (name: string): KeptZone => ({ kind: 'kept', name: domainName(name), serial: 1, records: 3 });

/** What a check finds where alice was granted these names: `[domain, zone, codes]`. */
const found = (archive: ZoneArchive, ...domains: string[]) => foundWith({}, archive, ...domains);

async function foundWith(settings: Pick<Settings, 'acme'>, archive: ZoneArchive, ...domains: string[]) {
  const alice = userNamed('alice', domains);
  const follower = { ...unknownHost(domainName('nas.example.org')), follows: domainName('home.example.org') };
  const check = new CheckZones(
    archive,
    new MemoryUserStore([alice]),
    new MemoryHostStore([follower]),
    settings,
  );
  const checked = await check.run();
  return checked.map(({ domain, zone, findings }) => [domain, zone, findings.map(({ cause }) => cause.code)]);
}

describe('CheckZones', () => {
  it('tells when the zone of accounts is in none of the zones', async () => {
    const acme = { zone: domainName('acme.example.org') };
    assert.deepEqual(await foundWith({ acme }, archiveOf(kept('example.org'))), [
      ['example.org', 'example.org', []],
      ['acme.example.org', 'example.org', []],
    ]);
    assert.deepEqual(await foundWith({ acme }, archiveOf(kept('example.net'))), [
      ['example.net', 'example.net', []],
      ['acme.example.org', undefined, ['no-zone']],
    ]);
  });

  it('zones that can be read, with the names in the closest of them: all is fine', async () => {
    assert.deepEqual(
      await found(
        archiveOf(kept('example.org'), kept('lab.example.org')),
        'home.example.org',
        'x.lab.example.org',
      ),
      [
        ['example.org', 'example.org', []],
        ['lab.example.org', 'lab.example.org', []],
        ['home.example.org', 'example.org', []],
        ['x.lab.example.org', 'lab.example.org', []],
        ['nas.example.org', 'example.org', []],
      ],
    );
  });

  it('a zone that has not begun: fine, it does so with the server', async () => {
    const zone: KeptZone = { kind: 'not-begun', name: domainName('example.org') };
    assert.deepEqual(await found(archiveOf(zone)), [['example.org', 'example.org', []]]);
  });

  it('a name in none of the zones: a problem', async () => {
    assert.deepEqual((await found(archiveOf(kept('example.org')), 'home.example.net')).at(-1), [
      'home.example.net',
      undefined,
      ['no-zone'],
    ]);
  });

  it('a zone that cannot be read: a problem of it and of the names in it', async () => {
    const fault = new DynonymError('ZONE_INVALID', '"example.org.zone", line 1: rubbish');
    const zone: KeptZone = { kind: 'unreadable', name: domainName('example.org'), fault };
    assert.deepEqual(await found(archiveOf(zone), 'x.example.org'), [
      ['example.org', 'example.org', ['zone-unreadable']],
      ['x.example.org', 'example.org', ['zone-unreadable']],
    ]);
  });

  it('looks for what stands in the way of challenges, where certificates are wanted', async () => {
    const [home, cam, nas] = ['home', 'cam', 'nas'].map((label) => domainName(`${label}.example.org`)) as [
      DomainName,
      DomainName,
      DomainName,
    ];
    const obstacles: Readonly<Record<string, Obstacle>> = {
      [`_acme-challenge.${home}`]: {
        kind: 'alias',
        at: domainName(`_acme-challenge.${home}`),
        to: domainName(`_acme-challenge.${cam}`),
      },
      [`_acme-challenge.${cam}`]: { kind: 'delegation', at: domainName(`_acme-challenge.${cam}`) },
      [`_acme-challenge.${nas}`]: { kind: 'delegation', at: domainName(`_acme-challenge.${nas}`) },
    };
    const archive = {
      ...archiveOf(kept('example.org')),
      obstacleAt: async (_zone: DomainName, name: DomainName) => obstacles[name],
    };
    const users = [userNamed('alice', [home], { certificates: true }), userNamed('bob', [nas])];
    const check = new CheckZones(archive, new MemoryUserStore(users), new MemoryHostStore([]), {});
    const found = (await check.run()).flatMap(({ domain, findings }) =>
      findings.map(({ cause, severity }) => [domain, cause, severity]),
    );
    assert.deepEqual(found, [
      [home, { code: 'challenge-delegated', to: `_acme-challenge.${cam}` }, 'warning'],
    ]);
  });
});
