import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { describe, it } from 'node:test';
import { Progress } from '../../../../../src/adapters/cli/progress.ts';
import { TomlFile } from '../../../../../src/adapters/toml/toml-file.ts';
import { TomlSettingsStore } from '../../../../../src/adapters/toml/toml-settings-store.ts';
import { TomlUserStore } from '../../../../../src/adapters/toml/toml-user-store.ts';
import type { StorePlace } from '../../../../../src/application/manage/copy-store.ts';
import type { User } from '../../../../../src/domain/user.ts';
import { MemoryChallengeStore } from '../../../../fakes/memory-challenge-store.ts';
import { MemoryHostStore } from '../../../../fakes/memory-host-store.ts';
import { MemoryInvitationStore } from '../../../../fakes/memory-invitation-store.ts';
import { MemoryUserStore } from '../../../../fakes/memory-user-store.ts';
import { CliHarness } from '../../../../support/cli-harness.ts';
import { userNamed } from '../../../../support/fixtures.ts';
import { tempFolder } from '../../../../support/temp-folder.ts';

const place = (users: readonly User[], most = Number.POSITIVE_INFINITY): StorePlace => ({
  users: new MemoryUserStore(users),
  hosts: new MemoryHostStore(),
  invitations: new MemoryInvitationStore(),
  challenges: new MemoryChallengeStore(),
  ...{ most, atOnce: 10 },
});

const ALICE = userNamed('alice', ['home.example.org']);

function harness(from: readonly User[], to: readonly User[] = [], most?: number) {
  const cli = new CliHarness();
  cli.places.set('a.toml', place(from));
  cli.places.set('postgres', place(to, most));
  return cli;
}

const COPY = 'store copy --from toml:a.toml --to postgres';

describe('store copy', () => {
  it('tells what was copied and verified', async () => {
    const { code, stdout, stderr } = await harness([ALICE, userNamed('bob')], [ALICE]).run(COPY);
    assert.equal(stderr, '');
    assert.equal(code, 0);
    assert.equal(
      stdout,
      `users: 1 copied, 2 verified
hosts: 0 copied, 0 verified
invitations: 0 copied, 0 verified
challenges: 0 copied, 0 verified
The target has everything as the source has it.
`,
    );
  });

  it('lists what was left, and fails', async () => {
    const identity = { identity: 'x' };
    const cli = harness(
      [ALICE, userNamed('bo"b', [], identity)],
      [{ ...ALICE, passwordHash: 'other', offline: true }, userNamed('carol', [], identity)],
    );
    const { code, stdout, stderr } = await cli.run(COPY);
    assert.equal(code, 1);
    assert.match(stdout, /^users: 0 copied, 0 verified\n/);
    assert.equal(
      stderr,
      `dynonym: user "alice" is there already, and differs in pw, offline
dynonym: user "bo\\"b" has something in oidc that the user "carol" has there
dynonym: 2 of the records above are not in the target as they are in the source; they were left as they are
`,
    );
  });

  it('into a file says which user has a name that no file can have', async () => {
    const file = join(tempFolder(), 'new.toml');
    const toml = new TomlFile(file);
    await new TomlSettingsStore(toml).create({ overwrite: false });
    const cli = harness([ALICE, userNamed('constructor'), userNamed('zoe')]);
    cli.places.set('new.toml', { ...place([]), users: new TomlUserStore(toml) });
    const { code, stderr } = await cli.run('store copy --from toml:a.toml --to toml:new.toml');
    assert.equal(code, 1);
    assert.match(stderr.replace(file, 'new.toml'), /^dynonym: new\.toml:\d+: users\.constructor: .*\n$/);
  });

  it('refuses more than a file is for, in one line', async () => {
    const { code, stdout, stderr } = await harness([ALICE, userNamed('bob')], [], 1).run(COPY);
    assert.deepEqual([code, stdout], [1, '']);
    assert.equal(
      stderr,
      'dynonym: a configuration file is for 1 users, and "postgres" would have more; nothing was copied\n',
    );
  });

  it('refuses a place that has no users of its own', async () => {
    const cli = harness([ALICE]);
    for (const [to, words] of [
      ['toml:b.toml', '"b.toml" has [store]: users and hosts are in PostgreSQL, and not in that file'],
      ['toml', '--to "toml": a place is toml:FILE, postgres:FILE or postgres'],
      ['postgres:', '--to "postgres:": a place is toml:FILE, postgres:FILE or postgres'],
      ['postgres:gone', /^dynonym: --to "gone": .*no such file/i],
    ] as const) {
      const { code, stderr } = await cli.run(`store copy --from toml:a.toml --to ${to}`);
      assert.equal(code, 1);
      if (typeof words === 'string') assert.equal(stderr, `dynonym: ${words}\n`);
      else assert.match(stderr, words);
    }
    cli.places.delete('postgres');
    assert.match(
      (await cli.run(COPY)).stderr,
      /"dynonym.toml" has no \[store\]; name a file .*postgres:FILE\n$/,
    );
  });

  it('never repeats what is in the file of an address', async () => {
    const file = join(tempFolder(), 'url');
    writeFileSync(file, 'postgres://u:geheim@/');
    const { code, stderr } = await harness([ALICE]).run(
      `store copy --from toml:a.toml --to postgres:${file}`,
    );
    assert.equal(code, 1);
    assert.doesNotMatch(stderr, /geheim/);
  });
});

describe('progress', () => {
  const streamed = (isTTY: boolean) => {
    const written: string[] = [];
    const stream = new Writable({
      write(chunk, _encoding, done) {
        written.push(String(chunk));
        done();
      },
    });
    return { written, progress: new Progress(Object.assign(stream, { isTTY })) };
  };

  it('is one line of a terminal, which is changed now and then, and removed in the end', async () => {
    const { written, progress } = streamed(true);
    for (let done = 0; done < 1_000; done += 1) await progress.show(`Copied: ${done}`);
    assert.equal(written[0], '\r\x1b[KCopied: 0');
    assert.ok(written.length < 500, 'not each of them');
    await progress.line('a problem');
    await progress.end();
    assert.deepEqual(written.slice(-2), ['\r\x1b[K', 'a problem\n']);
  });

  it('is calm elsewhere', async () => {
    const { written, progress } = streamed(false);
    for (let done = 0; done < 1_000; done += 1) await progress.show(`Copied: ${done}`);
    await progress.end();
    assert.ok(written.length < 2);
    assert.ok(written.every((text) => /^Copied: \d+\n$/.test(text)));
  });
});
