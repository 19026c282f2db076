import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { domainName } from '../../../../../../src/domain/domain-name.ts';
import type { UserName } from '../../../../../../src/domain/user.ts';
import { CliHarness } from '../../../../../support/cli-harness.ts';
import { userNamed } from '../../../../../support/fixtures.ts';
import { targetAt } from '../../../../../support/notices.ts';

const ALICE = 'alice' as UserName;
const NO_BOB =
  'dynonym: there is no user "bob" in "dynonym.toml"; dynonym configure users list shows who there is\n';

async function withAlice(): Promise<CliHarness> {
  const cli = new CliHarness();
  assert.equal((await cli.run('configure users add alice', { input: 'open sesame\n' })).code, 0);
  return cli;
}

async function verifies(cli: CliHarness, password: string): Promise<boolean> {
  const user = await cli.users.find(ALICE);
  return user !== undefined && cli.passwords.verify(user.passwordHash, password);
}

describe('configure users add', () => {
  it('a new name: added with the password of standard input', async () => {
    const cli = new CliHarness();
    assert.deepEqual(await cli.run('configure users add alice', { input: 'open sesame\n' }), {
      code: 0,
      stdout: 'Added "alice". Next: dynonym configure users auth alice DOMAIN\n',
      stderr: '',
    });
    assert.ok(await verifies(cli, 'open sesame'));
  });

  it('a configuration elsewhere: the next command names it', async () => {
    const { stdout } = await new CliHarness().run('configure users add alice -c other.toml', {
      input: 'x\n',
    });
    assert.equal(stdout, 'Added "alice". Next: dynonym configure -c other.toml users auth alice DOMAIN\n');
  });

  it('a name that is taken: refused before a password is read', async () => {
    const cli = await withAlice();
    const before = await cli.users.find(ALICE);
    const { code, stdout, stderr } = await cli.run('configure users add alice', { input: 'another' });
    assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
    assert.match(stderr, /^dynonym: there is a user "alice".* configure users pw .*\n$/);
    assert.deepEqual(await cli.users.find(ALICE), before);
  });

  it('a password that is none: refused, nobody is added', async () => {
    const cli = new CliHarness();
    assert.deepEqual(await cli.run('configure users add alice', { input: '\n' }), {
      code: 1,
      stdout: '',
      stderr: 'dynonym: an empty password is no password; nobody was added\n',
    });
    assert.equal(await cli.users.find(ALICE), undefined);
  });

  for (const name of ['constructor', '\u202eevil']) {
    it(`a user who had the name ${encodeURI(name)} before: changed and removed`, async () => {
      const cli = new CliHarness();
      await cli.users.add(userNamed(name));
      const changed = await cli.run(`configure users pw '${name}'`, { input: 'open sesame\n' });
      assert.equal(changed.code, 0, changed.stderr);
      assert.equal((await cli.run(`configure users rm '${name}'`)).code, 0);
      assert.equal(await cli.users.find(name as UserName), undefined);
    });
  }

  for (const [name, reason] of [
    ["''", /USER "": a user name is needed/],
    ["'a:b'", /USER "a:b": a user name has no colon/],
    ["'a\u0007'", /USER "a\\u0007": a user name has no control characters/],
    ["'\u202eevil'", /USER "\\u202eevil": a user name has no invisible characters, .*; leave them out\n/],
    ["'olga\u{e0001}'", /USER "olga\\udb40\\udc01": a user name has no invisible characters/],
    ['constructor', /USER "constructor": a configuration cannot have a user .*; choose another one\n/],
    ['__proto__', /USER "__proto__": a configuration cannot have a user of this name/],
  ] as const) {
    it(`the name ${JSON.stringify(name)}: refused before a password is read`, async () => {
      const cli = new CliHarness();
      const { code, stderr } = await cli.run(`configure users add ${name}`, { input: 'x' });
      assert.equal(code, 1);
      assert.match(stderr, reason);
      assert.deepEqual(cli.passwords.calls, []);
    });
  }
});

describe('configure users pw', () => {
  it('a known user: the new password holds, the old one does not', async () => {
    const cli = await withAlice();
    assert.deepEqual(await cli.run('configure users pw alice', { input: 'another\r\n' }), {
      code: 0,
      stdout: 'Changed the password of "alice".\n',
      stderr: '',
    });
    assert.ok(await verifies(cli, 'another'));
    assert.ok(!(await verifies(cli, 'open sesame')));
  });

  it('a password that is none: refused, the old one holds', async () => {
    const cli = await withAlice();
    const { code, stderr } = await cli.run('configure users pw alice', { input: 'a\tb' });
    assert.equal(code, 1);
    assert.equal(stderr, 'dynonym: a password has no control characters; the password was not changed\n');
    assert.ok(await verifies(cli, 'open sesame'));
  });

  it('an unknown user: refused', async () => {
    const cli = await withAlice();
    const result = await cli.run('configure users pw bob', { input: 'x' });
    assert.deepEqual(result, { code: 1, stdout: '', stderr: NO_BOB });
  });
});

describe('configure users rm', () => {
  it('a known user: gone; a second time: unknown', async () => {
    const cli = await withAlice();
    assert.deepEqual(await cli.run('configure users rm alice'), {
      code: 0,
      stdout: 'Removed "alice".\n',
      stderr: '',
    });
    assert.equal(await cli.users.find(ALICE), undefined);
    const { code, stderr } = await cli.run('configure users rm alice');
    assert.deepEqual({ code, stderr }, { code: 1, stderr: NO_BOB.replace('bob', 'alice') });
  });
});

describe('configure users auth', () => {
  it('what to do next names a configuration elsewhere', async () => {
    const cli = await withAlice();
    const { stdout } = await cli.run('configure -c other.toml users auth alice home.example.org');
    assert.match(stdout, /\nNext: dynonym check -c other\.toml\n$/);
  });

  it('several names: all granted, in the form of the DNS', async () => {
    const cli = await withAlice();
    assert.deepEqual(await cli.run('configure users auth alice Home.Example.ORG. *.lab.example.org'), {
      code: 0,
      stdout:
        'Granted home.example.org to "alice".\nGranted *.lab.example.org to "alice".\nNext: dynonym check\n',
      stderr: '',
    });
    assert.deepEqual((await cli.users.find(ALICE))?.domains, ['home.example.org', '*.lab.example.org']);
  });

  it('a name that is granted: says so, and that is a success', async () => {
    const cli = await withAlice();
    await cli.run('configure users auth alice home.example.org');
    assert.deepEqual(await cli.run('configure users auth alice HOME.example.org home.example.org'), {
      code: 0,
      stdout: 'home.example.org was granted to "alice" already.\nNext: dynonym check\n',
      stderr: '',
    });
  });

  it('a name among several that is none: nothing is granted', async () => {
    const cli = await withAlice();
    const { code, stdout, stderr } = await cli.run(
      'configure users auth alice home.example.org -- -x.example',
    );
    assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
    assert.match(stderr, /^dynonym: DOMAIN "-x\.example": .*\n$/);
    assert.deepEqual((await cli.users.find(ALICE))?.domains, []);
  });

  for (const [name, reason] of [
    ['192.0.2.1', 'that is an address; a name is granted, such as home.example.org'],
    ['2001:db8::1', 'that is an address; a name is granted, such as home.example.org'],
    ['home', 'a whole name is needed, such as home.example.org'],
  ] as const) {
    it(`"${name}" in place of a name: refused, and what was granted before can be revoked`, async () => {
      const cli = await withAlice();
      assert.deepEqual(await cli.run(`configure users auth alice ${name}`), {
        code: 1,
        stdout: '',
        stderr: `dynonym: DOMAIN "${name}": ${reason}\n`,
      });
      if (name === '2001:db8::1') return;
      await cli.users.grant(ALICE, domainName(name));
      assert.equal((await cli.run(`configure users deauth alice ${name}`)).code, 0);
    });
  }

  it('an unknown user: refused', async () => {
    const cli = await withAlice();
    const result = await cli.run('configure users auth bob home.example.org');
    assert.deepEqual(result, { code: 1, stdout: '', stderr: NO_BOB });
  });
});

describe('configure users deauth', () => {
  it('granted names: revoked, the others stay', async () => {
    const cli = await withAlice();
    await cli.run('configure users auth alice a.example.org b.example.org c.example.org');
    assert.deepEqual(await cli.run('configure users deauth alice A.example.org. c.example.org'), {
      code: 0,
      stdout: 'Revoked a.example.org from "alice".\nRevoked c.example.org from "alice".\n',
      stderr: '',
    });
    assert.deepEqual((await cli.users.find(ALICE))?.domains, ['b.example.org']);
  });

  it('names that followed each other: tells which ones do not any more, after a removal of the user too', async () => {
    const cli = await withAlice();
    await cli.run('configure users auth alice home.example.org cam.example.org nas.example.org');
    for (const name of ['cam', 'nas']) {
      await cli.run(`configure hosts set ${name}.example.org --follows home.example.org`);
    }
    const revoked = await cli.run('configure users deauth alice cam.example.org');
    const ended = (name: string) => `${name}.example.org does not follow home.example.org any more.\n`;
    assert.equal(revoked.stdout, `Revoked cam.example.org from "alice".\n${ended('cam')}`);
    const removed = await cli.run('configure users rm alice');
    assert.equal(removed.stdout, `Removed "alice".\n${ended('nas')}`);
  });

  it('a name that was not granted: says so, and that is a success', async () => {
    const cli = await withAlice();
    assert.deepEqual(await cli.run('configure users deauth alice home.example.org'), {
      code: 0,
      stdout: 'home.example.org was not granted to "alice".\n',
      stderr: '',
    });
  });

  it('an unknown user: refused', async () => {
    const cli = await withAlice();
    const result = await cli.run('configure users deauth bob home.example.org');
    assert.deepEqual(result, { code: 1, stdout: '', stderr: NO_BOB });
  });
});

describe('configure users list', () => {
  it('one line for each user, in the order of the store', async () => {
    const cli = await withAlice();
    await cli.run("configure users add 'Bob the Builder'", { input: 'x' });
    await cli.run('configure users auth alice home.example.org *.lab.example.org');
    await cli.run('configure users token add alice --name router');
    await cli.run('configure users token add alice --name phone');
    const carol = {
      name: 'carol' as UserName,
      passwordHash: '',
      domains: [],
      offline: true,
      networks: [],
      tokens: [],
    };
    await cli.users.add(carol);
    const { code, stdout, stderr } = await cli.run('configure users list');
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    assert.deepEqual(stdout.split('\n'), [
      'alice: home.example.org *.lab.example.org (tokens: router phone)',
      'Bob the Builder: (no names)',
      'carol: (no names; offline allowed)',
      '',
    ]);
  });

  it('tells where notices of a user go, without what is secret in a URL', async () => {
    const cli = await withAlice();
    const alice = 'alice' as UserName;
    await cli.users.addNotice(alice, targetAt('https://hooks.example.org/a-secret-path'));
    const unconfirmed = { digest: 'ab'.repeat(32), until: 0 };
    await cli.users.addNotice(alice, targetAt('mailto:a@example.org', { events: ['silent'], unconfirmed }));
    assert.equal(
      (await cli.run('configure users list')).stdout,
      'alice: (no names; notices to https://hooks.example.org mailto:a@example.org (not confirmed))\n',
    );
    const [listed] = JSON.parse((await cli.run('configure users list --json')).stdout);
    assert.deepEqual(listed.notices, [
      { to: 'https://hooks.example.org', events: [], names: [], confirmed: true },
      { to: 'mailto:a@example.org', events: ['silent'], names: [], confirmed: false },
    ]);
  });

  it('no users: nothing on standard output, the next step on standard error', async () => {
    assert.deepEqual(await new CliHarness().run('configure users list'), {
      code: 0,
      stdout: '',
      stderr: 'There are no users in "dynonym.toml". Next: dynonym configure users add USER\n',
    });
  });
});
