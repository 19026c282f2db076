import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { domainName } from '../../../../../src/domain/domain-name.ts';
import type { UserName } from '../../../../../src/domain/user.ts';
import { CliHarness } from '../../../../support/cli-harness.ts';
import { change, report } from '../../../../support/events.ts';
import { hostNamed, userNamed } from '../../../../support/fixtures.ts';

const AT = Date.UTC(2026, 0, 2, 3, 4, 5);
const HOME = domainName('home.example.org');
const CAM = domainName('cam.example.org');

async function household(): Promise<CliHarness> {
  const cli = new CliHarness();
  await cli.users.add(userNamed('alice', [HOME, CAM, 'new.example.org']));
  cli.history.tell(change({ at: AT, name: HOME, after: { ipv4: ['203.0.113.7'], ipv6: ['2001:db8::7'] } }));
  cli.history.tell(report({ at: AT, name: HOME, token: 'router' }));
  cli.history.tell(change({ at: AT, name: CAM }));
  cli.history.tell(report({ at: AT, name: CAM }));
  cli.history.tell({ kind: 'silent', at: AT + 3_600_000, name: CAM, since: AT, expected: 3_600_000 });
  return cli;
}

describe('dynonym hosts list', () => {
  it('shows all names, those in trouble first', async () => {
    const { code, stdout } = await (await household()).run('hosts list');
    assert.equal(code, 0);
    assert.deepEqual(stdout.split('\n'), [
      'NAME              STATE       ADDRESSES                LAST REPORT           LAST CHANGE',
      'cam.example.org   silent      192.0.2.1                2026-01-02T03:04:05Z  2026-01-02T03:04:05Z',
      'new.example.org   never       -                        -                     -',
      'home.example.org  up to date  203.0.113.7 2001:db8::7  2026-01-02T03:04:05Z  2026-01-02T03:04:05Z',
      '',
    ]);
  });

  it('says the same as JSON', async () => {
    const { stdout } = await (await household()).run('hosts list --json');
    const listed = JSON.parse(stdout);
    assert.deepEqual(
      listed.map((one: { name: string; state: string }) => [one.name, one.state]),
      [
        [CAM, 'silent'],
        ['new.example.org', 'never'],
        [HOME, 'up to date'],
      ],
    );
    const { users, ipv4, ipv6, lastReport, silentSince } = listed[2];
    assert.deepEqual([users, ipv4, ipv6, silentSince], [['alice'], ['203.0.113.7'], ['2001:db8::7'], null]);
    assert.deepEqual(
      [lastReport.at, lastReport.from, lastReport.program, lastReport.token],
      ['2026-01-02T03:04:05Z', '198.51.100.7', 'inadyn/2.12', 'router'],
    );
    assert.equal(listed[0].silentSince, '2026-01-02T03:04:05Z');
  });

  it('has hosts that follow another name', async () => {
    const cli = await household();
    await cli.hosts.change(domainName('nas.example.org'), { ...hostNamed('nas.example.org'), follows: HOME });
    assert.match((await cli.run('hosts list')).stdout, /^nas\.example\.org {3}never/m);
  });

  it('says so where no name is granted', async () => {
    const { code, stdout, stderr } = await new CliHarness().run('hosts list');
    assert.deepEqual([code, stdout], [0, '']);
    assert.match(stderr, /No names are granted/);
  });
});

describe('dynonym hosts history', () => {
  it('shows the events of a name, the latest first', async () => {
    const cli = await household();
    const unchanged = { outcome: 'unchanged', addresses: { ipv4: ['203.0.113.7'] } } as const;
    const asked = { ipv4: '203.0.113.7' };
    for (const at of [AT + 60_000, AT + 120_000])
      cli.history.tell(report({ at, name: HOME, asked, ...unchanged }));
    const { code, stdout } = await cli.run('hosts history Home.Example.org.');
    assert.equal(code, 0);
    assert.deepEqual(stdout.split('\n'), [
      '2026-01-02T03:06:05Z  reported 203.0.113.7 by alice from 198.51.100.7 with inadyn/2.12: unchanged, ' +
        '2 times since 2026-01-02T03:05:05Z',
      '2026-01-02T03:04:05Z  reported 192.0.2.1 by alice (router) from 198.51.100.7 with inadyn/2.12: changed',
      '2026-01-02T03:04:05Z  changed from - to 203.0.113.7 2001:db8::7',
      '',
    ]);
  });

  for (const [words, event] of [
    [
      'silent since 2026-01-02T03:04:05Z, expected every 1h',
      { kind: 'silent', since: AT, expected: 3_600_000 },
    ],
    ['back after silence since 2026-01-02T03:04:05Z', { kind: 'back', since: AT }],
    ['taken off the DNS after silence since 2026-01-02T03:04:05Z', { kind: 'taken-off', since: AT }],
    ['flapping: 11 changes within an hour', { kind: 'flapping', changes: 11 }],
    ['visible on all 3 name servers after 0.4 s', { kind: 'visible', after: 400, servers: 3 }],
    ['visible after 0.0 s', { kind: 'visible', after: 0, servers: 1 }],
    ['ns2.example.org does not answer', { kind: 'behind', server: 'ns2.example.org', since: AT }],
    [
      'ns2.example.org has 192.0.2.1',
      { kind: 'behind', server: 'ns2.example.org', since: AT, has: { ipv4: ['192.0.2.1'] } },
    ],
  ] as const) {
    it(`says "${words}"`, async () => {
      const cli = new CliHarness();
      cli.history.tell({ ...event, at: AT, name: HOME });
      assert.equal((await cli.run(`hosts history ${HOME}`)).stdout, `2026-01-02T03:04:05Z  ${words}\n`);
    });
  }

  it('says that nothing is known, and fails', async () => {
    const { code, stderr } = await new CliHarness().run('hosts history home.example.org');
    assert.deepEqual([code, stderr], [1, 'dynonym: nothing is known of "home.example.org"\n']);
  });

  it('is an empty list as JSON', async () => {
    assert.deepEqual(await new CliHarness().run('hosts history home.example.org --json'), {
      code: 0,
      stdout: '[]\n',
      stderr: '',
    });
  });
});

describe('dynonym configure history', () => {
  it('shows who changed what, the latest first', async () => {
    const cli = new CliHarness();
    await cli.run('configure users add alice', { input: 's3cret-enough\n' });
    await cli.run('configure users auth alice home.example.org');
    await cli.run('configure hosts set home.example.org --ttl 10 --expect 1h');
    const { stdout } = await cli.run('configure history');
    assert.deepEqual(stdout.split('\n'), [
      '2026-01-01T00:00:00Z  operator  command  host-set home.example.org ttl expect',
      '2026-01-01T00:00:00Z  operator  command  name-granted alice home.example.org',
      '2026-01-01T00:00:00Z  operator  command  user-added alice',
      '',
    ]);
    assert.equal(JSON.parse((await cli.run('configure history --json')).stdout)[2].user, 'alice' as UserName);
  });

  it('says that there is nothing to show', async () => {
    assert.equal((await new CliHarness().run('configure history')).stdout, 'No changes are known.\n');
  });
});
