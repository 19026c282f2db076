import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { allOf } from '../../../../../support/all-of.ts';
import { CliHarness } from '../../../../../support/cli-harness.ts';
import { tempFolder } from '../../../../../support/temp-folder.ts';

/** `configure users add --from` a file with this text. */
async function addFrom(cli: CliHarness, text: string | Buffer) {
  const file = join(tempFolder(), 'users.txt');
  writeFileSync(file, text);
  const result = await cli.run(`configure users add --from '${file}'`);
  return { ...result, stderr: result.stderr.replaceAll(file, 'users.txt') };
}

const namesIn = async (cli: CliHarness) => (await allOf(cli.users.list())).map(({ name }) => name);

describe('configure users add --from', () => {
  it('adds each user with names and a token, and prints the secrets once', async () => {
    const cli = new CliHarness();
    const text = '# customers\nalice: home.example.org *.lab.example.org\r\n\njo doe:cam.Example.org.\n';
    const { code, stdout, stderr } = await addFrom(cli, text);
    assert.equal(code, 0);
    assert.match(stdout, /^alice:[^:\n]+\njo doe:[^:\n]+\n$/);
    assert.match(stderr, /^Added 2 users\./);
    const [alice, jo] = await allOf(cli.users.list());
    assert.deepEqual(alice?.domains, ['home.example.org', '*.lab.example.org']);
    assert.deepEqual(jo?.domains, ['cam.example.org']);
    assert.equal(alice?.passwordHash, cli.passwords.hashOfNobody);
    assert.deepEqual([alice?.tokens.length, jo?.tokens[0]?.name], [1, 'token-1']);
    const told = cli.events.of('managed').map(({ deed }) => deed);
    assert.deepEqual(told, [
      ...['user-added', 'name-granted', 'name-granted'],
      ...['user-added', 'name-granted'],
    ]);
  });

  it('adds nobody from a file that is not UTF-8, and names the line', async () => {
    const cli = new CliHarness();
    const { code, stderr } = await addFrom(cli, Buffer.from('# ein Müller\n'.repeat(2), 'latin1'));
    assert.deepEqual([code, await namesIn(cli)], [1, []]);
    assert.match(stderr, /^dynonym: users\.txt:1: is not UTF-8; save it as UTF-8\n/);
  });

  it('lists all problems with their lines, and adds nobody', async () => {
    const cli = new CliHarness();
    const text = 'alice: home.example.org\nbob\n: x.example.org\nalice: y..example.org\n';
    const { code, stdout, stderr } = await addFrom(cli, text);
    assert.deepEqual([code, stdout], [1, '']);
    assert.deepEqual(stderr.match(/^users\.txt:\d+/gm), [
      'users.txt:2',
      'users.txt:3',
      'users.txt:4',
      'users.txt:4',
    ]);
    assert.match(stderr, /dynonym: 4 problems; nobody was added\n$/);
    assert.deepEqual(await namesIn(cli), []);
  });

  it('lists names that no new user can have, with their lines, and adds nobody', async () => {
    const cli = new CliHarness();
    const { code, stderr } = await addFrom(cli, 'alice:\ntoString: x.example.org\nol\u200bga:\n');
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^users\.txt:2: a configuration cannot have .*\nusers\.txt:3: .*invisible characters/,
    );
    assert.deepEqual(await namesIn(cli), []);
  });

  it('lists who exists, and adds nobody', async () => {
    const cli = new CliHarness();
    await addFrom(cli, 'alice:\n');
    const { code, stderr } = await addFrom(cli, 'bob:\nalice: home.example.org\n');
    assert.equal(code, 1);
    assert.equal(stderr, 'there is a user "alice" already\ndynonym: 1 problem; nobody was added\n');
    assert.deepEqual(await namesIn(cli), ['alice']);
  });

  for (const args of ['', 'alice --from users.txt']) {
    it(`wants a USER or a FILE, and not: ${args || 'nothing'}`, async () => {
      const { code, stderr } = await new CliHarness().run(`configure users add ${args}`);
      assert.equal(code, 1);
      assert.match(stderr, /name a USER, or give --from FILE/);
    });
  }
});

describe('configure users list --json', () => {
  it('prints users with names and tokens, and no secrets', async () => {
    const cli = new CliHarness();
    await addFrom(cli, 'alice: home.example.org\n');
    const { stdout } = await cli.run('configure users list --json');
    assert.deepEqual(JSON.parse(stdout), [
      {
        user: 'alice',
        names: ['home.example.org'],
        offline: false,
        certificates: null,
        networks: [],
        tokens: [{ name: 'token-1', names: null, use: 'updates' }],
        notices: [],
      },
    ]);
  });

  it('prints an empty list where there are no users', async () => {
    assert.equal((await new CliHarness().run('configure users list --json')).stdout, '[]\n');
  });
});
