import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from '@iarna/toml';
import { TomlFile } from '../../src/adapters/toml/toml-file.ts';
import { TomlUserStore } from '../../src/adapters/toml/toml-user-store.ts';
import { domainName } from '../../src/domain/domain-name.ts';
import { parseUserName, type UserName } from '../../src/domain/user.ts';
import { valueIn } from '../support/parsed.ts';
import { runProcess } from '../support/run-process.ts';
import { PROGRAM } from '../support/run-program.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const name = (index: number): UserName => valueIn(parseUserName(`user${index}`));

/** A configuration with this many users, each with a comment. */
function withUsers(count: number): string {
  const path = join(tempFolder(), 'dynonym.toml');
  const users = Array.from(
    { length: count },
    (_, index) => `# Number ${index}
[users.user${index}]
pw = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$Z29vZGhhc2hnb29kaGFzaGdvb2RoYXNoZ29vZGhhc2g"
domains = ["home${index}.example.org", "cam${index}.example.org"]
`,
  );
  writeFileSync(path, users.join('\n'));
  return path;
}

/**
 * Seconds of work of this process, all threads together. Unlike the time that passes, they do not grow much when
 * other processes are at work; without any, less time than this passes.
 */
async function secondsOf(action: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await action();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** What it costs this machine, as it is now, to parse the same file and nothing else. */
const bareSecondsOf = (path: string) => secondsOf(async () => parse(readFileSync(path, 'utf8')));

/** Has a process tell at its end, in the last line of standard error, what it used of the processor. */
const TELL_USAGE = `data:text/javascript,${encodeURIComponent(`
import { writeSync } from 'node:fs';
process.on('exit', () => writeSync(2, JSON.stringify(process.cpuUsage())));
`)}`;

/** Seconds of work of a command, from the start of its process to the end. */
async function secondsOfCommand(...args: readonly string[]): Promise<number> {
  const [node, ...start] = PROGRAM;
  const { status, stderr } = await runProcess(node, ['--import', TELL_USAGE, ...start, ...args]);
  assert.equal(status, 0, stderr);
  const { user, system } = JSON.parse(stderr);
  return (user + system) / 1e6;
}

describe('a configuration of 10,000 users', () => {
  it('is changed by a command at the cost of parsing it a few times, beyond what every command needs to start', async () => {
    const path = withUsers(10_000);
    const bare = await bareSecondsOf(path);
    const before = readFileSync(path, 'utf8');
    const seconds =
      (await secondsOfCommand('configure', 'users', 'auth', name(7777), 'new.example.org', '-c', path)) -
      (await secondsOfCommand('--version'));
    // Three to five times as measured; a step that grows with the square of the size costs hundreds.
    assert.ok(seconds < 10 * bare, `${seconds} s, and ${bare} s to parse it`);
    const after = before.replace('"cam7777.example.org"]', '"cam7777.example.org", "new.example.org"]');
    assert.equal(readFileSync(path, 'utf8'), after);
  });
});

describe('a configuration of 100,000 users', () => {
  it('is read at the cost of parsing it, and answers in no more time than a small one', async () => {
    const path = withUsers(100_000);
    const bare = await bareSecondsOf(path);
    const users = new TomlUserStore(new TomlFile(path));
    const reading = await secondsOf(() => users.find(name(0)));
    assert.ok(reading < 3 * bare, `${reading} s to read it, and ${bare} s to parse it`);
    const small = new TomlUserStore(new TomlFile(withUsers(10)));
    const ask = (store: TomlUserStore) => async (): Promise<void> => {
      for (let index = 0; index < 2000; index += 1) {
        await store.find(name(index));
        await store.isGranted(domainName('cam5.example.org'));
      }
    };
    // The best of some rounds: in the others this process may have collected garbage.
    let [few, many] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let round = 0; round < 5; round += 1) {
      few = Math.min(few, await secondsOf(ask(small)));
      many = Math.min(many, await secondsOf(ask(users)));
    }
    assert.ok(many < 3 * few + 0.1, `${many} s instead of ${few} s`);
  });
});

describe('a configuration of 20,000 users', () => {
  it('is read again soon after a small change', async () => {
    const path = withUsers(20_000);
    const users = new TomlUserStore(new TomlFile(path));
    const reading = await secondsOf(() => users.find(name(0)));
    const text = readFileSync(path, 'utf8');
    const domain = domainName('other.example.org');
    writeFileSync(path, text.replace('home10000.example.org', domain));
    const again = await secondsOf(() => until(() => users.isGranted(domain), { what: 'the change' }));
    assert.ok(
      again < reading / 2,
      `${again} s to read it again after a small change, and ${reading} s before`,
    );
  });
});
