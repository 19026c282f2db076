import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CheckedCertificate } from '../../../../src/application/check/check-certificate.ts';
import type { ConfigurationFinding } from '../../../../src/application/check/check-configuration.ts';
import type { CheckedDomain } from '../../../../src/application/check/check-primaries.ts';
import type { DomainFinding } from '../../../../src/application/check/domain-finding.ts';
import { DEFAULT_SETTINGS } from '../../../../src/application/manage/settings.ts';
import type { ProbeOptions } from '../../../../src/application/ports/primary-probe.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import { parseUserName } from '../../../../src/domain/user.ts';
import { CliHarness } from '../../../support/cli-harness.ts';
import { valueIn } from '../../../support/parsed.ts';

const ZONE = domainName('example.org');

const row = (name: string, ...findings: DomainFinding[]): CheckedDomain => ({
  domain: domainName(name),
  kind: 'name',
  users: [valueIn(parseUserName('alice'))],
  primary: DEFAULT_SETTINGS.dns,
  zone: ZONE,
  findings,
});

const zoneRow: CheckedDomain = { ...row('example.org'), kind: 'zone', users: [] };

const UNKNOWN_KEY: DomainFinding = {
  cause: { code: 'key-unknown' },
  severity: 'problem',
  problem: 'the primary does not know the key "k"',
  cure: 'add the key "k"',
};
const CLOCK: DomainFinding = {
  cause: { code: 'clocks-apart', seconds: -3600 },
  severity: 'warning',
  problem: 'the clock is behind',
  cure: 'set it',
};
const NO_DOMAINS: ConfigurationFinding = {
  code: 'user-without-domains',
  user: valueIn(parseUserName('bob')),
};

function harness(
  domains: readonly CheckedDomain[],
  configuration: readonly ConfigurationFinding[] = [],
  certificate?: CheckedCertificate,
) {
  const cli = new CliHarness();
  const told: { asked: ProbeOptions[]; closed: number } = { asked: [], closed: 0 };
  cli.check = {
    checkAll: {
      run: async (options = { secondaries: true }) => {
        told.asked.push(options);
        return { configuration, certificate, domains };
      },
    },
    close: async () => {
      told.closed += 1;
    },
  };
  return { cli, told };
}

describe('check', () => {
  it('says how long the certificate of HTTPS is good', async () => {
    const certificate = { notAfter: Date.UTC(2027, 0, 31), isOurs: true, finding: undefined };
    const { cli } = harness([zoneRow], [], certificate);
    const { code, stdout } = await cli.run('check');
    assert.equal(code, 0);
    assert.match(stdout, /\n\nThe certificate of HTTPS is good until 2027-01-31\.\n\nAll is fine\.\n$/);
    const json = JSON.parse((await cli.run('check --json')).stdout);
    assert.deepEqual(json.certificate, { notAfter: '2027-01-31T00:00:00.000Z' });
  });

  for (const [finding, isOurs, words] of [
    ['certificate-missing', true, /no certificate for HTTPS .*\n +To do: run the server, and look for/],
    ['certificate-expired', false, /not good; it ends on 2027-01-31\.\n +To do: renew the files/],
    ['certificate-overdue', true, /should have been renewed; it ends on 2027-01-31/],
  ] as const) {
    it(`warns of the certificate of HTTPS: ${finding}`, async () => {
      const notAfter = finding === 'certificate-missing' ? undefined : Date.UTC(2027, 0, 31);
      const { cli } = harness([zoneRow], [], { notAfter, isOurs, finding });
      const { code, stdout } = await cli.run('check');
      assert.equal(code, 2);
      assert.match(stdout, new RegExp(`^${finding}: http\\.tls$`, 'm'));
      assert.match(stdout, words);
    });
  }

  it('all is fine: a row for each, and success', async () => {
    const { cli, told } = harness([zoneRow, row('home.example.org')]);
    assert.deepEqual(await cli.run('check -c other.toml'), {
      code: 0,
      stdout: [
        'DOMAIN              PRIMARY       ZONE         STATE',
        'example.org (zone)  127.0.0.1:53  example.org  fine',
        'home.example.org    127.0.0.1:53  example.org  fine',
        '',
        'All is fine.',
        '',
      ].join('\n'),
      stderr: '',
    });
    assert.deepEqual(cli.opened, ['other.toml']);
    assert.deepEqual(told, { asked: [{ secondaries: true }], closed: 1 });
  });

  it('one cause for many names: told once, with some of them and how many more', async () => {
    const domains = [1, 2, 3, 4, 5, 6, 7].map((index) => row(`h${index}.example.org`, UNKNOWN_KEY));
    const { code, stdout } = await harness(domains).cli.run('check');
    assert.equal(code, 1);
    const [, trouble, summary] = stdout.split('\n\n');
    assert.equal(
      trouble,
      'key-unknown: h1.example.org, h2.example.org, h3.example.org, h4.example.org, h5.example.org and 2 more\n' +
        '  The primary does not know the key "k".\n' +
        '  To do: add the key "k".',
    );
    assert.equal(summary, 'Updates do not work for 7 of 7.\n');
  });

  it('a problem is told before the warnings, wherever it was found', async () => {
    const domains = [row('a.example.org', CLOCK), row('home.example.org', CLOCK, UNKNOWN_KEY)];
    const { stdout } = await harness(domains, [NO_DOMAINS, { code: 'no-users' }]).cli.run('check');
    assert.deepEqual(
      [...stdout.matchAll(/^([a-z-]+): /gm)].map(([, code]) => code),
      ['key-unknown', 'user-without-domains', 'no-users', 'clocks-apart'],
    );
  });

  it('one warning for many users: told once, with twenty of them and how many more', async () => {
    const users = Array.from({ length: 22 }, (_, index) => valueIn(parseUserName(`u${index}`)));
    const configuration = users.map((user) => ({ code: 'user-without-domains', user }) as const);
    const { cli } = harness([row('home.example.org')], configuration);
    const { stdout } = await cli.run('check -c other.toml');
    assert.equal(
      stdout.split('\n\n')[1],
      `user-without-domains: ${users.slice(0, 20).join(', ')} and 2 more\n` +
        '  These users may change no name.\n' +
        '  To do: type: dynonym configure -c other.toml users auth USER DOMAIN, for each of them.',
    );
    const json = JSON.parse((await cli.run('check --json')).stdout);
    assert.equal(json.configuration.length, 22, 'programs get each on its own');
    assert.equal(json.configuration[21].problem, 'the user u21 may change no name');
  });

  it('a name without a primary: a dash, and what is wrong', async () => {
    const finding: DomainFinding = { cause: { code: 'no-zone', servedHere: false }, severity: 'problem' };
    const lost = { ...row('home.example.net', finding), primary: undefined, zone: undefined };
    const { stdout } = await harness([lost]).cli.run('check');
    assert.match(stdout, /^home\.example\.net +- +- +no-zone$/m);
  });

  it('a problem and a warning: both in the row, the exit code of the problem', async () => {
    const { code, stdout } = await harness([row('home.example.org', UNKNOWN_KEY, CLOCK)]).cli.run('check');
    assert.equal(code, 1);
    assert.match(stdout, /key-unknown, clocks-apart$/m);
  });

  it('only warnings: exit code 2, and it is said that updates work', async () => {
    for (const { cli } of [
      harness([row('home.example.org', CLOCK)]),
      harness([row('home.example.org')], [NO_DOMAINS]),
    ]) {
      const { code, stdout } = await cli.run('check');
      assert.equal(code, 2);
      assert.match(stdout, /\n\nUpdates work; /);
    }
  });

  it('nothing to ask about: nobody says that updates work', async () => {
    const { code, stdout } = await harness([], [NO_DOMAINS]).cli.run('check');
    assert.equal(code, 2);
    assert.match(stdout, /\n\nNo primary was asked: \[dns\] names no zone, and no name was granted\./);
    assert.doesNotMatch(stdout, /Updates work|fine/);
  });

  it('[dns] beside [nameserver]: a warning that names the zones', async () => {
    const finding: ConfigurationFinding = { code: 'zones-bypassed', zones: [domainName('dyn.example.org')] };
    const { code, stdout } = await harness([row('home.example.org')], [finding]).cli.run('check');
    assert.equal(code, 2);
    assert.match(
      stdout,
      /zones-bypassed: dns\n {2}\[dns\] takes the updates, although \[nameserver\] serves dyn\.example\.org\.\n {2}To do: remove \[dns\] to put them into the zones\.$/m,
    );
  });

  it('a user whose name a shell would take apart: what to type is quoted', async () => {
    const user = valueIn(parseUserName("o'neil & co"));
    const { cli } = harness([row('home.example.org')], [{ code: 'user-without-domains', user }]);
    const { stdout } = await cli.run('check');
    assert.ok(stdout.includes("type: dynonym configure users auth 'o'\\''neil & co' DOMAIN"), stdout);
  });

  it('a configuration elsewhere: what to type names it', async () => {
    const secret = { ...UNKNOWN_KEY, cure: 'type: dynonym configure dns --tsig-key-file FILE' };
    const { cli } = harness([row('home.example.org', secret)], [NO_DOMAINS]);
    const { stdout } = await cli.run("check -c '/my files/dynonym.toml'");
    assert.match(stdout, /type: dynonym configure -c '\/my files\/dynonym\.toml' users auth bob DOMAIN\.$/m);
    assert.match(
      stdout,
      /type: dynonym configure -c '\/my files\/dynonym\.toml' dns --tsig-key-file FILE\.$/m,
    );
    const json = JSON.parse((await cli.run('check --json -c other.toml')).stdout);
    assert.match(json.configuration[0].cure, /configure -c other\.toml users auth/);
  });

  it('--json: the documented fields, and the same exit code', async () => {
    const { code, stdout } = await harness([zoneRow, row('home.example.org', CLOCK)], [NO_DOMAINS]).cli.run(
      'check --json',
    );
    assert.equal(code, 2);
    assert.deepEqual(JSON.parse(stdout), {
      certificate: null,
      configuration: [
        {
          code: 'user-without-domains',
          subject: 'bob',
          severity: 'warning',
          problem: 'the user bob may change no name',
          cure: 'type: dynonym configure users auth bob DOMAIN',
        },
      ],
      domains: [
        {
          domain: 'example.org',
          kind: 'zone',
          users: [],
          primary: '127.0.0.1:53',
          zone: 'example.org',
          findings: [],
        },
        {
          domain: 'home.example.org',
          kind: 'name',
          users: ['alice'],
          primary: '127.0.0.1:53',
          zone: 'example.org',
          findings: [
            {
              code: 'clocks-apart',
              seconds: -3600,
              severity: 'warning',
              problem: 'the clock is behind',
              cure: 'set it',
            },
          ],
        },
      ],
    });
  });

  it('--no-secondaries: they are left out; --secondaries says what goes without saying', async () => {
    const { cli, told } = harness([]);
    await cli.run('check --no-secondaries');
    await cli.run('check --secondaries');
    assert.deepEqual(told.asked, [{ secondaries: false }, { secondaries: true }]);
  });

  it('the check fails: the connections are closed all the same', async () => {
    const { cli, told } = harness([]);
    cli.check = { ...cli.check, checkAll: { run: () => Promise.reject(new Error('boom')) } };
    assert.equal((await cli.run('check')).code, 1);
    assert.equal(told.closed, 1);
  });
});
