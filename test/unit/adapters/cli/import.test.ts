import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { DEFAULT_SETTINGS } from '../../../../src/application/manage/settings.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import type { UserName } from '../../../../src/domain/user.ts';
import { MemorySettingsStore } from '../../../fakes/memory-settings-store.ts';
import { allOf } from '../../../support/all-of.ts';
import { CliHarness } from '../../../support/cli-harness.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const TABLE = 'user,password,hash,names\nalice,s3cret,,home.example.org\nbob,,sha1$x$y,cam.example.org\n';

function site(content: string | Buffer = TABLE, harness = new CliHarness()) {
  const file = join(tempFolder(), 'users.csv');
  writeFileSync(file, content);
  const tokens = join(tempFolder(), 'tokens.txt');
  return { harness, file, tokens, users: () => allOf(harness.users.list()) };
}

describe('dynonym import', () => {
  it('reports a line for each user, and writes the tokens into a file that only its owner can read', async () => {
    const { harness, file, tokens, users } = site();
    const { code, stdout, stderr } = await harness.run(`import csv ${file} --tokens ${tokens}`);
    assert.equal(code, 0, stderr);
    assert.deepEqual(
      stdout.split('\n').map((line) => line.trimEnd()),
      [
        'OUTCOME  WHAT  NAME   PASSWORD  MAY CHANGE        REMARKS',
        'taken    user  alice  new hash  home.example.org',
        'changed  user  bob    token     cam.example.org   the hash of its password cannot be verified here',
        '',
      ],
    );
    assert.match(stderr, /^Took 2 users and 0 hosts, 1 of them changed; left 0\. Next: dynonym check\n$/);
    const [user, secret = ''] = readFileSync(tokens, 'utf8').trim().split(':');
    assert.equal(user, 'bob');
    assert.ok(secret.length > 0);
    assert.equal(statSync(tokens).mode & 0o777, 0o600);
    assert.ok(!stdout.includes(secret) && !stderr.includes(secret), 'the token is in the report');
    assert.equal((await users()).length, 2);
  });

  it('leaves a user whose name no new user can have, and lets no name draw on the terminal', async () => {
    const { harness, file } = site('user,password\nconstructor,s3cret\n\u202eevil,s3cret\n');
    const { code, stdout, stderr } = await harness.run(`import csv ${file}`);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /left +user +constructor +- +- +a configuration cannot have a user of this name/);
    assert.match(stdout, /left +user +"\\u202eevil" +- +- +a user name has no invisible characters/);
  });

  it('takes nothing from a file that is not UTF-8, and names the line', async () => {
    const { harness, file, users } = site(
      Buffer.from('user,password\nmax,longpassword\njürgen,grüße-an-alle\n', 'latin1'),
    );
    const { code, stdout, stderr } = await harness.run(`import csv ${file}`);
    assert.deepEqual([code, stdout, await users()], [1, '', []]);
    assert.equal(stderr.split('\n')[0], `dynonym: ${file}:3: is not UTF-8; save it as UTF-8`);
  });

  it('passes over the mark with which some programs begin a file in UTF-8', async () => {
    const { harness, file, users } = site('\ufeffuser,password\njürgen,grüße-an-alle\n');
    const { code, stderr } = await harness.run(`import csv ${file}`);
    assert.equal(code, 0, stderr);
    assert.deepEqual(
      (await users()).map(({ name }) => name),
      ['jürgen'],
    );
  });

  it('prints the same as JSON', async () => {
    const { harness, file, tokens } = site();
    const { stdout } = await harness.run(`import csv ${file} --json --tokens ${tokens}`);
    assert.deepEqual(JSON.parse(stdout), [
      {
        outcome: 'taken',
        what: 'user',
        name: 'alice',
        login: 'new hash',
        names: ['home.example.org'],
        remarks: [],
      },
      {
        outcome: 'changed',
        what: 'user',
        name: 'bob',
        login: 'token',
        names: ['cam.example.org'],
        remarks: ['the hash of its password cannot be verified here'],
      },
    ]);
  });

  it('asks for a place for the tokens before anything is done', async () => {
    const { harness, file, users } = site();
    const { code, stdout, stderr } = await harness.run(`import csv ${file}`);
    assert.deepEqual([code, stdout, await users()], [1, '', []]);
    assert.match(stderr, /^dynonym: 1 user will get a token, .* --tokens FILE .*; nothing was imported\n$/);
  });

  it('overwrites no file with tokens, and then adds nobody', async () => {
    const { harness, file, tokens, users } = site();
    writeFileSync(tokens, 'mine\n');
    const { code, stderr } = await harness.run(`import csv ${file} --tokens ${tokens}`);
    assert.deepEqual([code, await users(), readFileSync(tokens, 'utf8')], [1, [], 'mine\n']);
    assert.match(stderr, /it exists; name a new file; nothing was imported/);
  });

  it('removes the tokens again when nobody could be added', async () => {
    const { harness, file, tokens } = site();
    harness.users.addAll = () => Promise.reject(new Error('the disk is full'));
    const { code } = await harness.run(`import csv ${file} --tokens ${tokens}`);
    assert.deepEqual([code, existsSync(tokens)], [1, false]);
  });

  it('--dry-run says what would be done, and writes nothing', async () => {
    const { harness, file, tokens, users } = site();
    const { code, stdout, stderr } = await harness.run(`import csv ${file} --dry-run --tokens ${tokens}`);
    assert.equal(code, 0);
    assert.match(stdout, /changed {2}user {2}bob {4}token/);
    assert.match(
      stderr,
      /^Would take 2 users and 0 hosts, 1 of them changed; left 0\. Nothing was done\.\n$/,
    );
    assert.deepEqual([await users(), existsSync(tokens)], [[], false]);
  });

  it('a file that is none is one line with its place, without a password', async () => {
    const { harness, file, users } = site('user,password\nalice,s3cret,x\n');
    const { code, stdout, stderr } = await harness.run(`import csv ${file}`);
    assert.deepEqual([code, stdout, await users()], [1, '', []]);
    assert.equal(stderr, `dynonym: FILE "${file}": line 2: it has 3 cells, and the first line 2\n`);
  });

  it('a file that is not there is one line', async () => {
    const { stderr, code } = await new CliHarness().run('import ddclient /nowhere/ddclient.conf');
    assert.equal(code, 1);
    assert.match(stderr, /^dynonym: FILE "\/nowhere\/ddclient\.conf": .*\n$/);
  });

  it('text of a foreign file does not draw on the terminal', async () => {
    const { harness, file } = site('user\n"a\u001b[31m"\n');
    const { stdout } = await harness.run(`import csv ${file}`);
    assert.ok(!stdout.includes('\u001b'));
  });

  it('the zone of acme-dns is that of the configuration, or of --zone, and has to be known', async () => {
    const row = { Username: 'c36f', Password: '$plain$0$x', Subdomain: '8e57', AllowFrom: '[]' };
    const content = JSON.stringify([row]);
    const challengeOf = async (harness: CliHarness) =>
      (await harness.users.find('c36f' as UserName))?.tokens[0]?.challenge;

    const unknown = site(content);
    const { code, stderr } = await unknown.harness.run(`import acme-dns ${unknown.file}`);
    assert.equal(code, 1);
    assert.match(stderr, /^dynonym: say with --zone which domain acme-dns has/);

    await unknown.harness.run(`import acme-dns ${unknown.file} --zone auth.example.org`);
    assert.equal(await challengeOf(unknown.harness), '8e57.auth.example.org');

    const acme = { zone: domainName('acme.example.org') };
    const known = site(content, new CliHarness(new MemorySettingsStore({ ...DEFAULT_SETTINGS, acme })));
    await known.harness.run(`import acme-dns ${known.file}`);
    assert.equal(await challengeOf(known.harness), '8e57.acme.example.org');
  });
});
