import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join, relative } from 'node:path';
import { describe, it } from 'node:test';
import { FileProcessLock, LockFault } from '../../../../src/adapters/file-stores/file-process-lock.ts';
import type { LockOutcome } from '../../../../src/application/ports/process-lock.ts';
import { plantLock } from '../../../support/plant-lock.ts';
import { RunningProcess } from '../../../support/run-process.ts';
import { smallDisk } from '../../../support/small-disk.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { until } from '../../../support/until.ts';

const dead = spawnSync(process.execPath, ['--version']).pid;

function scene() {
  const folder = tempFolder();
  const path = join(folder, 'dynonym.lock');
  return { folder, path, lock: new FileProcessLock(path), files: () => readdirSync(folder) };
}

async function acquired(outcome: Promise<LockOutcome>): Promise<Extract<LockOutcome, { kind: 'acquired' }>> {
  const lock = await outcome;
  assert.ok(lock.kind === 'acquired', `the lock is ${lock.kind}`);
  return lock;
}

/** The one line that a person gets to see. */
async function faultOf(outcome: Promise<unknown>): Promise<[string, string]> {
  const fault: unknown = await outcome.then(
    () => assert.fail('nothing was at fault'),
    (error: unknown) => error,
  );
  assert.ok(fault instanceof LockFault);
  return [fault.code, fault.message];
}

describe('the lock file', () => {
  it('holds the process id and a newline, and has a second name that tells more', async () => {
    const { folder, path, lock, files } = scene();
    const { place, release } = await acquired(lock.acquire());
    assert.equal(readFileSync(path, 'utf8'), `${process.pid}\n`);
    assert.equal(place, path);
    const [, second = '', ...others] = files();
    assert.deepEqual(others, []);
    assert.match(second, new RegExp(`^dynonym\\.lock\\.${process.pid}\\.`));
    assert.equal(statSync(join(folder, second)).ino, statSync(path).ino);
    await release();
    assert.deepEqual(files(), []);
  });

  it('can be read by everybody, so that everybody knows whom to signal', async () => {
    const { path, lock } = scene();
    const { release } = await acquired(lock.acquire());
    assert.equal(statSync(path).mode & 0o444, 0o444);
    await release();
  });

  it('stays where it was when the working directory changes', async () => {
    const { path } = scene();
    const lock = new FileProcessLock(relative(process.cwd(), path));
    const before = process.cwd();
    process.chdir('/');
    try {
      const { release } = await acquired(lock.acquire());
      assert.equal(existsSync(path), true);
      await release();
    } finally {
      process.chdir(before);
    }
  });

  for (const [how, text] of [
    ['without a newline', `${dead}`],
    ['with blanks around it', ` ${dead} \n`],
    ['with the line ending of Windows', `${dead}\r\n`],
  ] as const) {
    it(`that holds a dead process id ${how} is taken over`, async () => {
      const { path, lock, files } = scene();
      writeFileSync(path, text);
      const { takenOverFrom, release } = await acquired(lock.acquire());
      assert.equal(takenOverFrom, dead);
      assert.equal(readFileSync(path, 'utf8'), `${process.pid}\n`);
      await release();
      assert.deepEqual(files(), []);
    });
  }

  it('of a process of another user is held', async () => {
    const { folder, path, lock } = scene();
    chmodSync(folder, 0o755);
    writeFileSync(path, '1\n');
    const outcome = await asOrdinaryUser(() => lock.acquire());
    assert.deepEqual(outcome, { kind: 'held', place: path, by: 1 });
  });
});

describe('a file in the place of the lock', () => {
  const contents: Record<string, string | Buffer> = {
    'is empty': '',
    'has a blank line only': '\n',
    'is a configuration': '[http]\nsocket = "127.0.0.1:8053"\n',
    'has more behind a process id': `${dead}\nmore\n`,
    'has two process ids': `${dead} ${dead}\n`,
    'has zero, which would name a group of processes': '0\n',
    'has a negative number, which would name a group of processes': '-1\n',
    'has a number with a fraction': '12.5\n',
    'has a hexadecimal number': '0x10\n',
    'has a number above every process id': '2147483648\n',
    'has a number of many digits': `${'9'.repeat(40)}\n`,
    'has a process id behind many blanks': `${' '.repeat(100)}${dead}\n`,
    'has octets of zero': Buffer.alloc(5),
    'is large': 'x'.repeat(1_000_000),
  };
  for (const [what, content] of Object.entries(contents)) {
    it(`that ${what} is foreign, and stays as it is`, async () => {
      const { path, lock, files } = scene();
      writeFileSync(path, content);
      assert.deepEqual(await faultOf(lock.acquire()), [
        'LOCK_FOREIGN',
        `"${path}" is not a lock: it holds no process id; choose another lock file, or remove this one`,
      ]);
      assert.deepEqual(readFileSync(path), Buffer.from(content));
      assert.deepEqual(files(), ['dynonym.lock']);
    });
  }

  it('that is a folder is foreign', async () => {
    const { path, lock } = scene();
    mkdirSync(path);
    assert.equal((await faultOf(lock.acquire()))[0], 'LOCK_FOREIGN');
  });

  it('that is a symbolic link is foreign, wherever it leads', async () => {
    for (const target of ['lock', 'nowhere']) {
      const { folder, path, lock } = scene();
      writeFileSync(join(folder, 'lock'), `${dead}\n`);
      symlinkSync(target, path);
      assert.equal((await faultOf(lock.acquire()))[0], 'LOCK_FOREIGN');
      assert.equal(lstatSync(path).isSymbolicLink(), true);
    }
  });

  it('that is a named pipe without a reader is foreign, and is not waited for', async () => {
    const { path, lock } = scene();
    assert.equal(spawnSync('mkfifo', [path]).status, 0);
    assert.equal((await faultOf(lock.acquire()))[0], 'LOCK_FOREIGN');
  });

  it('that is a socket is foreign', async () => {
    const { path, lock } = scene();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    try {
      assert.equal((await faultOf(lock.acquire()))[0], 'LOCK_FOREIGN');
    } finally {
      server.close();
    }
  });

  it('that took the place of our lock is left alone by its release', async () => {
    const { path, lock } = scene();
    const { release } = await acquired(lock.acquire());
    rmSync(path);
    writeFileSync(path, 'my notes\n');
    await release();
    assert.equal(readFileSync(path, 'utf8'), 'my notes\n');
  });
});

describe('a lock that a process left when the machine lost its power', {
  skip: process.platform !== 'linux' && 'proc(5) is needed to know',
}, () => {
  for (const [whose, pid] of [
    ['another program', process.ppid],
    ['this process', process.pid],
  ] as const) {
    it(`and whose number ${whose} has now is taken over, and nothing of it stays`, async () => {
      const { path, lock, files } = scene();
      plantLock(path, { pid });
      plantLock(`${path}.takeover`, { pid });
      const { takenOverFrom, release } = await acquired(lock.acquire());
      assert.equal(takenOverFrom, pid);
      assert.equal(files().length, 2);
      await release();
      assert.deepEqual(files(), []);
    });
  }

  it('in another container is taken over too', async () => {
    const { path, lock } = scene();
    plantLock(path, { pid: process.ppid, host: 'a1b2c3d4e5f6' });
    await (await acquired(lock.acquire())).release();
  });

  it('is held where nothing but the number is known', async () => {
    const { path, lock } = scene();
    writeFileSync(path, `${process.ppid}\n`);
    assert.deepEqual(await lock.acquire(), { kind: 'held', place: path, by: process.ppid });
  });
});

describe('a lock on a disk that takes nothing', () => {
  it('is none, and the outcome says so; it is still seen where another process holds it', async (test) => {
    const disk = smallDisk();
    if (disk === undefined) return test.skip('only root may mount');
    const path = join(disk.folder, 'dynonym.lock');
    writeFileSync(path, `${process.ppid}\n`);
    disk.fill();
    const lock = new FileProcessLock(path);
    assert.deepEqual(await lock.acquire(), { kind: 'held', place: path, by: process.ppid });
    rmSync(path);
    disk.fill();
    const outcome = await lock.acquire();
    assert.ok(outcome.kind === 'unwritable');
    assert.deepEqual([outcome.place, outcome.fault.code], [path, 'LOCK_UNWRITABLE']);
    assert.match(outcome.fault.message, new RegExp(`^the lock "${path}" cannot be used: .* \\(ENOSPC\\)$`));
    assert.deepEqual(readdirSync(disk.folder), ['full']);
    disk.clear();
    await (await acquired(lock.acquire())).release();
  });
});

describe('a lock that cannot be used', () => {
  it('for want of its folder tells so', async () => {
    const { path } = scene();
    assert.deepEqual(await faultOf(new FileProcessLock(join(path, 'a.lock')).acquire()), [
      'LOCK_UNWRITABLE',
      `the lock "${join(path, 'a.lock')}" cannot be used: its folder does not exist`,
    ]);
  });

  it('below a file tells so', async () => {
    const { path } = scene();
    writeFileSync(path, '');
    assert.deepEqual(await faultOf(new FileProcessLock(join(path, 'a.lock')).acquire()), [
      'LOCK_UNWRITABLE',
      `the lock "${join(path, 'a.lock')}" cannot be used: not a directory (ENOTDIR)`,
    ]);
  });

  it('for want of permission tells so, names the lock, and leaves nothing behind', async () => {
    const { folder, path, lock, files } = scene();
    chmodSync(folder, 0o555);
    assert.deepEqual(await asOrdinaryUser(() => faultOf(lock.acquire())), [
      'LOCK_UNWRITABLE',
      `the lock "${path}" cannot be used: permission denied (EACCES)`,
    ]);
    assert.deepEqual(files(), []);
    chmodSync(folder, 0o755);
  });

  it('whose file may not be read tells so', async () => {
    const { folder, path, lock } = scene();
    chmodSync(folder, 0o777);
    writeFileSync(path, `${dead}\n`, { mode: 0o000 });
    assert.deepEqual(await asOrdinaryUser(() => faultOf(lock.acquire())), [
      'LOCK_UNWRITABLE',
      `the lock "${path}" cannot be used: permission denied (EACCES)`,
    ]);
  });

  it('because its folder lost the permission to be changed tells so at the release', async () => {
    const { folder, path, lock } = scene();
    chmodSync(folder, 0o777);
    const { release } = await asOrdinaryUser(() => acquired(lock.acquire()));
    chmodSync(folder, 0o555);
    assert.deepEqual(await asOrdinaryUser(() => faultOf(release())), [
      'LOCK_UNWRITABLE',
      `the lock "${path}" cannot be used: permission denied (EACCES)`,
    ]);
    chmodSync(folder, 0o755);
  });
});

describe('a takeover that was cut short by a crash', () => {
  it('is taken over too, at any depth, and nothing of it stays', async () => {
    const { path, lock, files } = scene();
    for (const guards of ['', '.takeover', '.takeover.takeover'])
      writeFileSync(`${path}${guards}`, `${dead}\n`);
    const { takenOverFrom, release } = await acquired(lock.acquire());
    assert.equal(takenOverFrom, dead);
    await release();
    assert.deepEqual(files(), []);
  });

  it('does not matter to a lock that is free', async () => {
    const { path, lock } = scene();
    writeFileSync(`${path}.takeover`, `${dead}\n`);
    const { takenOverFrom, release } = await acquired(lock.acquire());
    assert.equal(takenOverFrom, undefined);
    await release();
  });
});

describe('a takeover by somebody else', () => {
  it('counts as the lock, and stays as it is', async () => {
    const { path, lock, files } = scene();
    writeFileSync(path, `${dead}\n`);
    writeFileSync(`${path}.takeover`, `${process.ppid}\n`);
    assert.deepEqual(await lock.acquire(), { kind: 'held', place: path, by: process.ppid });
    assert.equal(readFileSync(path, 'utf8'), `${dead}\n`);
    assert.deepEqual(files(), ['dynonym.lock', 'dynonym.lock.takeover']);
  });
});

const NOBODY = 65534;

/** Runs `action` without the rights of root, which permissions do not bind. */
async function asOrdinaryUser<Value>(action: () => Promise<Value>): Promise<Value> {
  if (process.getuid?.() !== 0) return action();
  process.seteuid?.(NOBODY);
  try {
    return await action();
  } finally {
    process.seteuid?.(0);
  }
}

describe('a lock whose process was killed and not yet buried', { skip: process.platform !== 'linux' }, () => {
  it('is taken over', async () => {
    // The shell becomes another program, which does not ask what became of the child.
    const careless = new RunningProcess('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60']);
    const zombie = Number(await until(() => careless.stdout.trim(), { what: 'the number of the child' }));
    await until(() => readFileSync(`/proc/${careless.pid}/comm`, 'latin1') === 'sleep\n', {
      what: 'the shell to become another program',
    });
    process.kill(zombie, 'SIGKILL');
    await until(() => /\) Z /.test(readFileSync(`/proc/${zombie}/stat`, 'latin1')), {
      what: 'the child to end',
    });
    const { path, lock } = scene();
    writeFileSync(path, `${zombie}\n`);
    const { takenOverFrom, release } = await acquired(lock.acquire());
    assert.equal(takenOverFrom, zombie);
    await release();
    careless.kill('SIGKILL');
    await careless.end();
  });
});
