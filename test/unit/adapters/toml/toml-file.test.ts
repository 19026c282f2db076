import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import {
  ConfigurationFault,
  type ConfigurationFaultCode,
} from '../../../../src/adapters/toml/configuration-fault.ts';
import { TomlFile } from '../../../../src/adapters/toml/toml-file.ts';
import { TomlSettingsStore } from '../../../../src/adapters/toml/toml-settings-store.ts';
import { TomlUserStore } from '../../../../src/adapters/toml/toml-user-store.ts';
import { withValue } from '../../../../src/adapters/toml/toml-value.ts';
import { type DomainName, domainName } from '../../../../src/domain/domain-name.ts';
import { ttl } from '../../../../src/domain/ttl.ts';
import { parseUserName, type User, type UserName } from '../../../../src/domain/user.ts';
import { valueIn } from '../../../support/parsed.ts';
import { plantLock } from '../../../support/plant-lock.ts';
import { runProcess } from '../../../support/run-process.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const ALICE = valueIn(parseUserName('alice'));
const BOB = valueIn(parseUserName('bob'));
const HOME = domainName('home.example.org');
const USER: User = {
  name: BOB,
  passwordHash: '$2b$10$x',
  domains: [],
  offline: false,
  networks: [],
  tokens: [],
};

const WITH_ALICE = '# Mine.\n[users.alice]\npw = "$2b$10$x" # secret\n';

function written(text = WITH_ALICE): string {
  const path = join(tempFolder(), 'dynonym.toml');
  writeFileSync(path, text);
  return path;
}

function becomeFolder(path: string): void {
  rmSync(path);
  mkdirSync(path);
}

/** Asks in a turn of its own, as a request does: what another process has changed comes before it. */
class UsersInTurns extends TomlUserStore {
  override async find(name: UserName): Promise<User | undefined> {
    await setImmediate();
    return super.find(name);
  }

  override async grantedOf(domains: readonly DomainName[]): Promise<ReadonlySet<DomainName>> {
    await setImmediate();
    return super.grantedOf(domains);
  }
}

const usersIn = (path: string): TomlUserStore => new UsersInTurns(new TomlFile(path));

async function faultOf(action: Promise<unknown>, code: ConfigurationFaultCode): Promise<ConfigurationFault> {
  const fault = await action.then(
    () => assert.fail('it worked'),
    (error) => error,
  );
  assert.ok(fault instanceof ConfigurationFault, fault);
  assert.equal(fault.code, code, fault.message);
  return fault;
}

describe('a configuration that is changed by others', () => {
  it('is seen as it is then at the next question, however quickly it follows', async () => {
    const path = written();
    const users = usersIn(path);
    assert.ok(await users.find(ALICE));
    for (let turn = 0; turn < 50; turn += 1) {
      // The same size, and perhaps the same tick of the clock.
      writeFileSync(path, WITH_ALICE.replace('alice', turn % 2 === 0 ? 'aliba' : 'alice'));
      assert.equal((await users.find(ALICE)) !== undefined, turn % 2 === 1);
    }
  });

  it('is seen when another file takes its place', async () => {
    const path = written();
    const users = usersIn(path);
    assert.equal((await users.grantedOf([HOME])).has(HOME), false);
    writeFileSync(`${path}.new`, `${WITH_ALICE}domains = ["home.example.org"]\n`);
    renameSync(`${path}.new`, path);
    assert.equal((await users.grantedOf([HOME])).has(HOME), true);
  });

  it('is seen by everybody who asks after the change, also while a question is under way', async () => {
    const path = written();
    const users = usersIn(path);
    await users.find(ALICE);
    for (let turn = 0; turn < 20; turn += 1) {
      const before = users.find(BOB);
      await setImmediate();
      writeFileSync(path, `${WITH_ALICE}[users.bob]\npw = "$2b$10$${turn}"\n`);
      const found = await Promise.all([users.find(BOB), users.find(BOB)]);
      assert.deepEqual(
        found.map((user) => user?.passwordHash),
        Array(2).fill(`$2b$10$${turn}`),
      );
      await before;
    }
  });

  it('is read once for all who ask at the same time', async () => {
    const path = written();
    const users = usersIn(path);
    await users.find(ALICE);
    writeFileSync(path, `${WITH_ALICE}[users.bob]\npw = "$2b$10$y"\n`);
    const found = await Promise.all(Array.from({ length: 64 }, () => users.find(BOB)));
    assert.equal(found[0]?.passwordHash, '$2b$10$y');
    assert.equal(new Set(found).size, 1);
  });

  it('and is written in place, is not taken for what half of it says', async () => {
    const path = written();
    const users = usersIn(path);
    await users.find(ALICE);
    writeFileSync(path, '');
    const asked = users.find(ALICE);
    setTimeout(() => writeFileSync(path, `${WITH_ALICE}[users.bob]\npw = "$2b$10$x"\n`), 10);
    assert.ok(await asked);
    assert.ok(await users.find(BOB));
  });

  it('and is written anew in its place, is not taken for what half of it says', async () => {
    const path = written();
    const users = usersIn(path);
    await users.find(ALICE);
    renameSync(path, `${path}~`);
    writeFileSync(path, '');
    const asked = users.find(ALICE);
    setTimeout(() => writeFileSync(path, `${WITH_ALICE}[users.bob]\npw = "$2b$10$x"\n`), 10);
    assert.ok(await asked);
    assert.ok(await users.find(BOB));
  });

  it('and is emptied at any moment while it is read, is not taken for empty', async () => {
    const path = written();
    const users = usersIn(path);
    await users.find(ALICE);
    for (let moment = 0; moment < 40; moment += 1) {
      // It has rested for long, and what is read next belongs to another version.
      utimesSync(path, 1, 1);
      const asked = users.find(ALICE);
      for (let turn = 0; turn < moment; turn += 1) await setImmediate();
      writeFileSync(path, '');
      setTimeout(() => writeFileSync(path, `${WITH_ALICE}# ${moment}\n`), 5);
      assert.ok(await asked, `emptied after ${moment} turns`);
      assert.ok(await users.find(ALICE));
    }
  });

  it('and is emptied for good, has no users any more', async () => {
    const path = written();
    const users = usersIn(path);
    await users.find(ALICE);
    writeFileSync(path, '');
    // Somebody may still write into it, where the disk is busy.
    assert.ok(await users.find(ALICE));
    const tenSecondsAgo = Date.now() / 1000 - 10;
    utimesSync(path, tenSecondsAgo, tenSecondsAgo);
    assert.equal(await users.find(ALICE), undefined);
  });

  it('and is touched only, stays as it was', async () => {
    const path = written();
    const users = usersIn(path);
    const user = await users.find(ALICE);
    utimesSync(path, 1, 1);
    assert.equal(await users.find(ALICE), user);
  });

  for (const [situation, spoil, complaint] of [
    ['into what is no TOML', (path: string) => writeFileSync(path, 'users = {'), /:1: column \d+: /],
    [
      'into what is nested too deeply',
      (path: string) => writeFileSync(path, `[users.alice]\npw.${'a.'.repeat(4000)}a = "$2b$10$x"\n`),
      /:2: users\.alice\.pw: a string is expected/,
    ],
    [
      'into lists that are nested too deeply',
      (path: string) =>
        writeFileSync(path, `[users.alice]\npw = ${'['.repeat(50_000)}${']'.repeat(50_000)}\n`),
      /:\d+: .*(nested too deeply|a string is expected)/,
    ],
    [
      'into what has problems',
      (path: string) => writeFileSync(path, '[users.alice]\npw = "hunter2"\n'),
      /no password hash/,
    ],
    ['into what is no UTF-8', (path: string) => writeFileSync(path, Buffer.of(10, 0xff)), /:2: .*UTF-8/],
    ['into nothing', (path: string) => rmSync(path), /the file is gone/],
    ['into a folder', becomeFolder, /this is a folder/],
  ] as const) {
    it(`${situation}, goes on as it was, and the settings tell why, without secrets`, async () => {
      const path = written();
      const file = new TomlFile(path);
      const users = new UsersInTurns(file);
      await users.find(ALICE);
      spoil(path);
      for (let turn = 0; turn < 3; turn += 1) assert.ok(await users.find(ALICE));
      await assert.rejects(new TomlSettingsStore(file).load(), ({ message }: Error) => {
        assert.match(message, complaint);
        assert.doesNotMatch(message, /hunter2/);
        return true;
      });

      rmSync(path, { recursive: true, force: true });
      writeFileSync(path, WITH_ALICE.replace('alice', 'bob'));
      assert.equal(await users.find(ALICE), undefined);
      assert.ok(await users.find(BOB));
    });
  }
});

describe('a configuration that cannot be used from the start', () => {
  it('is a fault for every question, until it can', async () => {
    const path = written('[users.alice]\n');
    const users = usersIn(path);
    for (let turn = 0; turn < 2; turn += 1) await faultOf(users.find(ALICE), 'CONFIG_INVALID');
    writeFileSync(path, WITH_ALICE);
    assert.ok(await users.find(ALICE));
  });

  it('because it is not there, tells what writes one', async () => {
    const path = join(tempFolder(), 'dynonym.toml');
    for (const action of [() => usersIn(path).find(ALICE), () => usersIn(path).add(USER)]) {
      const { message } = await faultOf(action(), 'CONFIG_MISSING');
      assert.equal(
        message,
        `${path}: there is no configuration here; "dynonym configure default" writes one`,
      );
    }
    assert.deepEqual(readdirSync(dirname(path)), []);
  });

  it('because it was removed after it was read, tells to put it back', async () => {
    const file = new TomlFile(join(tempFolder(), 'dynonym.toml'));
    writeFileSync(file.path, WITH_ALICE);
    await file.content();
    rmSync(file.path);
    const { message } = await faultOf(new TomlSettingsStore(file).load(), 'CONFIG_MISSING');
    assert.equal(message, `${file.path}: the file is gone; put it back from a backup`);
    assert.ok(await new TomlUserStore(file).find(ALICE));
  });

  it('because it cannot be read, tells why', async () => {
    const { message } = await faultOf(usersIn(tempFolder()).find(ALICE), 'CONFIG_UNREADABLE');
    assert.match(message, /: this is a folder; a regular file is needed$/);
  });

  it('because it is a device or a pipe, is told at once, and whoever writes changes nothing', async () => {
    const pipe = join(tempFolder(), 'pipe');
    assert.equal((await runProcess('mkfifo', [pipe])).status, 0);
    for (const [path, kind] of [
      [pipe, 'a pipe'],
      ['/dev/zero', 'a device'],
    ] as const) {
      for (const [attempt, code] of [
        [() => usersIn(path).find(ALICE), 'CONFIG_UNREADABLE'],
        [() => usersIn(path).add(USER), 'CONFIG_UNREADABLE'],
        [() => new TomlFile(path).create(WITH_ALICE, { overwrite: true }), 'CONFIG_UNWRITABLE'],
      ] as const) {
        const { message } = await faultOf(attempt(), code);
        assert.equal(message, `${path}: this is ${kind}; a regular file is needed`);
      }
      assert.ok(!statSync(path).isFile());
    }
  });
});

describe('an edit', () => {
  it('changes what it is about and nothing else', async () => {
    const path = written();
    await usersIn(path).grant(ALICE, HOME);
    assert.equal(readFileSync(path, 'utf8'), `${WITH_ALICE}domains = ["home.example.org"]\n`);
  });

  it('that changes nothing leaves the file alone', async () => {
    const path = written();
    const before = statSync(path, { bigint: true });
    await usersIn(path).setPasswordHash(ALICE, '$2b$10$x');
    await usersIn(path).remove(BOB);
    assert.deepEqual(statSync(path, { bigint: true }).ctimeNs, before.ctimeNs);
  });

  it('keeps the mode of the file', async () => {
    for (const mode of [0o640, 0o600, 0o444]) {
      const path = written();
      chmodSync(path, mode);
      await usersIn(path).add(USER);
      assert.equal(statSync(path).mode & 0o7777, mode);
    }
  });

  it('keeps the owner of the file', {
    skip: process.getuid?.() !== 0 && 'only root may give files away',
  }, async () => {
    const path = written();
    chownSync(path, 12345, 23456);
    await usersIn(path).add(USER);
    assert.deepEqual([statSync(path).uid, statSync(path).gid], [12345, 23456]);
  });

  it('follows links to the file, and leaves them', async () => {
    const target = written();
    const folder = tempFolder();
    const [one, two] = [join(folder, 'one.toml'), join(folder, 'two.toml')];
    symlinkSync(target, one);
    symlinkSync('one.toml', two);
    await usersIn(two).add(USER);
    assert.match(readFileSync(target, 'utf8'), /bob/);
    assert.equal(readlinkSync(two), 'one.toml');
    assert.equal(readlinkSync(one), target);
    assert.deepEqual(readdirSync(folder), ['one.toml', 'two.toml']);
  });

  it('uses up what a killed process left behind, and touches nothing else', async () => {
    const path = written();
    const own = `${path}.new~`;
    const foreign = ['.tmp~', '.bak', '~', '.new'].map((suffix) => path + suffix);
    for (const leftover of [own, ...foreign]) writeFileSync(leftover, 'half');
    await usersIn(path).add(USER);
    assert.equal(existsSync(own), false);
    for (const file of foreign) assert.equal(readFileSync(file, 'utf8'), 'half');
  });

  it('is seen at once by whoever made it and by others', async () => {
    const path = written();
    const [one, other] = [usersIn(path), usersIn(path)];
    assert.equal(await other.find(BOB), undefined);
    await one.add(USER);
    assert.deepEqual(await one.find(BOB), USER);
    assert.deepEqual(await other.find(BOB), USER);
  });

  for (const [situation, text, code, message] of [
    ['of what is no TOML', '[', 'CONFIG_INVALID', /:1: column 2: "\]" is expected/],
    ['of what has problems', '[http]\nworkers = 0\n', 'CONFIG_INVALID', /:2: http\.workers: /],
  ] as const) {
    it(`${situation} is refused, and changes nothing`, async () => {
      const path = written(text);
      const fault = await faultOf(usersIn(path).add(USER), code);
      assert.match(fault.message, message);
      assert.equal(readFileSync(path, 'utf8'), text);
      assert.deepEqual(readdirSync(dirname(path)), [basename(path)]);
    });
  }

  it('that mends a problem is made, where others do not have to be known', async () => {
    const path = written('[dns]\nttl = -1\n');
    await new TomlSettingsStore(new TomlFile(path)).changeDns({ ttl: ttl(300) });
    assert.equal(readFileSync(path, 'utf8'), '[dns]\nttl = 300\n');
  });

  it('whose result would not be right is refused, and changes nothing', async () => {
    const path = written();
    const fault = await faultOf(usersIn(path).setPasswordHash(ALICE, 'hunter2'), 'CONFIG_INVALID');
    assert.match(fault.message, /:3: users\.alice\.pw: this is no password hash/);
    assert.doesNotMatch(fault.message, /hunter2/);
    assert.equal(readFileSync(path, 'utf8'), WITH_ALICE);
  });

  it('that has no safe form is refused, tells which key to change by hand, and changes nothing', async () => {
    const path = written();
    const next = withValue({}, ['users', 'alice'], 'a string in place of a table');
    const fault = await faultOf(
      new TomlFile(path).edit(() => ({ outcome: 1, next })),
      'CONFIG_EDIT_REFUSED',
    );
    assert.match(fault.message, /dynonym\.toml:2: users\.alice: .*by hand/);
    assert.equal(readFileSync(path, 'utf8'), WITH_ALICE);
  });

  for (const name of Object.getOwnPropertyNames(Object.prototype)) {
    it(`that would add a user with the name ${name} is refused, and changes nothing`, async () => {
      const path = written();
      const user = { ...USER, name: valueIn(parseUserName(name)) };
      const fault = await faultOf(usersIn(path).add(user), 'CONFIG_EDIT_REFUSED');
      assert.match(fault.message, /: users\.\w+: this name cannot be used here; choose another one$/);
      assert.equal(readFileSync(path, 'utf8'), WITH_ALICE);
    });
  }

  for (const others of [1, 30]) {
    it(`that would add ${others} others with two such names says which two, and changes nothing`, async () => {
      const path = written();
      const names = Array.from({ length: others }, (_, index) => `user${index}`);
      const users = [...names, 'constructor', '__proto__'].map((name) => ({
        ...USER,
        name: valueIn(parseUserName(name)),
        tokens: [
          { name: 'router', digest: createHash('sha256').update(name).digest('hex'), domains: undefined },
        ],
      }));
      const fault = await faultOf(usersIn(path).addAll(users), 'CONFIG_EDIT_REFUSED');
      assert.deepEqual(
        fault.problems.map(({ key, line }) => [key, line]),
        [
          ['users.constructor', 2],
          ['users.__proto__', 2],
        ],
      );
      assert.equal(readFileSync(path, 'utf8'), WITH_ALICE);
    });
  }

  it('that cannot be written is a fault, and leaves nothing behind', async () => {
    // A name that leaves no room for that of a temporary file.
    const path = join(tempFolder(), `${'x'.repeat(250)}.toml`);
    writeFileSync(path, WITH_ALICE);
    const fault = await faultOf(usersIn(path).add(USER), 'CONFIG_UNWRITABLE');
    assert.match(fault.message, /cannot be written: name too long \(ENAMETOOLONG/);
    assert.deepEqual(readdirSync(dirname(path)), [basename(path)]);
  });

  it('whose lock cannot be written tells which file that is', async () => {
    // A name that leaves no room for that of the lock.
    const path = join(tempFolder(), `${'x'.repeat(246)}.toml`);
    writeFileSync(path, WITH_ALICE);
    const fault = await faultOf(usersIn(path).add(USER), 'CONFIG_UNWRITABLE');
    assert.ok(fault.message.endsWith(`: name too long (ENAMETOOLONG, ${path}.lock~)`), fault.message);
  });

  it('that finds the file changed by an editor meanwhile is made anew, with what was written there', async () => {
    const path = written();
    let attempts = 0;
    const outcome = await new TomlFile(path).edit((table) => {
      attempts += 1;
      if (attempts === 1) writeFileSync(path, `${WITH_ALICE}offline = true\n`);
      return { outcome: attempts, next: withValue(table, ['users', 'alice', 'pw'], '$2b$10$y') };
    });
    assert.equal(outcome, 2);
    assert.equal(readFileSync(path, 'utf8'), `${WITH_ALICE.replace('10$x', '10$y')}offline = true\n`);
  });

  it('that always finds the file changed gives up, and changes nothing', async () => {
    const path = written();
    let attempts = 0;
    const edit = new TomlFile(path).edit((table) => {
      attempts += 1;
      writeFileSync(path, `# ${attempts}\n${WITH_ALICE}`);
      return { outcome: attempts, next: withValue(table, ['users', 'alice', 'pw'], '$2b$10$y') };
    });
    await faultOf(edit, 'CONFIG_BUSY');
    assert.equal(readFileSync(path, 'utf8'), `# ${attempts}\n${WITH_ALICE}`);
    assert.deepEqual(readdirSync(dirname(path)), [basename(path)]);
  });

  it('waits for others ten seconds at most, and tells who is at work', { timeout: 20_000 }, async () => {
    const path = written();
    plantLock(`${path}.lock~`, { pid: 1, began: '-' });
    const fault = await faultOf(usersIn(path).add(USER), 'CONFIG_BUSY');
    assert.match(fault.message, /process 1 on .* is changing it/);
    assert.ok(fault.message.endsWith(`remove ${path}.lock~`));
  });
});

describe('creating a configuration', () => {
  it('makes a file that only its owner may read', async () => {
    const path = join(tempFolder(), 'dynonym.toml');
    assert.equal(await new TomlFile(path).create(WITH_ALICE, { overwrite: false }), 'created');
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(readFileSync(path, 'utf8'), WITH_ALICE);
  });

  it('leaves a file that is there, unless it may overwrite', async () => {
    const path = written('no TOML =');
    assert.equal(await new TomlFile(path).create(WITH_ALICE, { overwrite: false }), 'exists');
    assert.equal(readFileSync(path, 'utf8'), 'no TOML =');
    assert.equal(await new TomlFile(path).create(WITH_ALICE, { overwrite: true }), 'created');
    assert.equal(readFileSync(path, 'utf8'), WITH_ALICE);
  });

  it('makes the target of a link that leads nowhere yet', async () => {
    const folder = tempFolder();
    symlinkSync('target.toml', join(folder, 'link.toml'));
    assert.equal(
      await new TomlFile(join(folder, 'link.toml')).create(WITH_ALICE, { overwrite: false }),
      'created',
    );
    assert.equal(readFileSync(join(folder, 'target.toml'), 'utf8'), WITH_ALICE);
    assert.equal(readlinkSync(join(folder, 'link.toml')), 'target.toml');
  });

  it('in a folder that is not there is a fault', async () => {
    const path = join(tempFolder(), 'nowhere', 'dynonym.toml');
    await faultOf(new TomlFile(path).create(WITH_ALICE, { overwrite: false }), 'CONFIG_UNWRITABLE');
  });

  it('in place of a folder is a fault, and leaves nothing behind', async () => {
    const path = join(tempFolder(), 'dynonym.toml');
    mkdirSync(path);
    await faultOf(new TomlFile(path).create(WITH_ALICE, { overwrite: true }), 'CONFIG_UNWRITABLE');
    assert.deepEqual(readdirSync(dirname(path)), [basename(path)]);
  });

  it('behind links that lead in a circle is a fault', async () => {
    const folder = tempFolder();
    symlinkSync('two.toml', join(folder, 'one.toml'));
    symlinkSync('one.toml', join(folder, 'two.toml'));
    await faultOf(
      new TomlFile(join(folder, 'one.toml')).create(WITH_ALICE, { overwrite: false }),
      'CONFIG_UNWRITABLE',
    );
  });
});
