import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { TomlFile } from '../../src/adapters/toml/toml-file.ts';
import { TomlUserStore } from '../../src/adapters/toml/toml-user-store.ts';
import { domainName } from '../../src/domain/domain-name.ts';
import type { UserName } from '../../src/domain/user.ts';
import { compiled } from '../support/compiled.ts';
import { fuzzRuns } from '../support/fuzz-runs.ts';
import { RunningProcess } from '../support/run-process.ts';
import { runProgram, startProgram } from '../support/run-program.ts';
import { tempFolder } from '../support/temp-folder.ts';
import type { EditorChange, EditorLine } from '../support/toml-editor.ts';
import { until } from '../support/until.ts';

/** How often a process is killed, all in all. */
const KILLS = fuzzRuns(40, 200);
/** Two at a time, so that each finds what the other left behind when it was killed. */
const LANES = ['first', 'second'];
/** Real commands that are killed on top of that: each takes a while to start. */
const COMMANDS = fuzzRuns(6, 24);
/** Whether one is killed or done before is chance: so many more a lane may take to see both. */
const MORE_COMMANDS = 50;

describe('processes that change one configuration at once, and are killed with -9 at random', () => {
  it('leave a whole file that holds all that was acknowledged, and nothing else', async () => {
    const editor = await compiled('test/support/toml-editor.ts');
    const path = join(tempFolder(), 'dynonym.toml');
    writeFileSync(path, ORIGINAL);

    const acknowledged = await Promise.all(LANES.map((lane) => editAndKill(editor, path, lane)));
    for (const count of acknowledged)
      assert.ok(count > KILLS / 10, `only ${count} changes were acknowledged`);

    // The next one who comes along goes on as if nothing had been.
    const users = new TomlUserStore(new TomlFile(path));
    for (const lane of LANES) {
      for (let index = 0; index < 4; index += 1) await users.remove(`${lane}-${index}` as UserName);
    }
    assert.equal(readFileSync(path, 'utf8'), ORIGINAL);
    assert.deepEqual(readdirSync(dirname(path)), [basename(path)], 'nothing is left behind');
  });
});

describe('commands that are killed with -9 at random, two at once', () => {
  it('leave a whole file that holds all that was acknowledged, and nothing of what was not begun', async () => {
    const path = join(tempFolder(), 'dynonym.toml');
    const [first = '', second = ''] = ['user1', 'user2'];
    writeFileSync(path, ORIGINAL);
    const outcomes = await Promise.all([first, second].map((user) => grantAndKill(path, user)));
    // Both happen: some are killed, and some are done before.
    for (const end of ['killed', 'done'] as const) {
      assert.ok(
        outcomes.some((counts) => counts[end] > 0),
        JSON.stringify(outcomes),
      );
    }

    // The next commands go on as if nothing had been.
    const users = new TomlUserStore(new TomlFile(path));
    for (const user of [first, second] as UserName[]) {
      const domains = [...((await users.find(user))?.domains ?? [])];
      const granted = domains.filter((domain) => domain.startsWith('granted'));
      await runProgram(['configure', 'users', 'deauth', user, ...granted, '-c', path]);
    }
    assert.equal(readFileSync(path, 'utf8'), ORIGINAL);
    const files = ['dynonym.management.json', basename(path)]; // with who changed what
    assert.deepEqual(readdirSync(dirname(path)).sort(), files, 'nothing is left behind');
  });
});

/** Grants a name by each command, most of which are killed. */
async function grantAndKill(path: string, user: string): Promise<{ killed: number; done: number }> {
  const start = (domain: string) => startProgram(['configure', 'users', 'auth', user, domain, '-c', path]);
  let known = new Set((await new TomlUserStore(new TomlFile(path)).find(user as UserName))?.domains);
  const began = performance.now();
  await start('granted.example.org').end();
  /** About what a command takes; comes nearer with every one. */
  let time = performance.now() - began;
  known.add(domainName('granted.example.org'));
  const counts = { killed: 0, done: 0 };
  const isDone = (command: number) => command >= COMMANDS / 2 && counts.killed > 0 && counts.done > 0;
  for (let command = 0; !isDone(command) && command < COMMANDS / 2 + MORE_COMMANDS; command += 1) {
    const domain = domainName(`granted${command}.example.org`);
    const child = start(domain);
    // Most of the time goes into the start; the writing comes at the end. A random moment there is the point.
    await pause(time * (0.4 + 1.1 * Math.random()));
    child.kill('SIGKILL');
    const { status } = await child.end();
    counts[status === 0 ? 'done' : 'killed'] += 1;
    // What else the machine does changes all the time, and both ends have to be seen.
    time *= status === 0 ? 0.8 : 1.25;

    const found = new Set((await new TomlUserStore(new TomlFile(path)).find(user as UserName))?.domains);
    const withIt = new Set([...known, domain]);
    const possible = status === 0 ? [withIt] : [known, withIt];
    assert.ok(
      possible.some((domains) => domains.size === found.size && [...domains].every((one) => found.has(one))),
      `after command ${command} (status ${status}) ${user} has ${[...found]}`,
    );
    known = found;
  }
  return counts;
}

/** What is known of the users of a lane: the names that each was granted. */
type Users = Map<string, Set<string>>;

/** Returns the number of changes that were acknowledged. */
async function editAndKill(editor: string, path: string, lane: string): Promise<number> {
  let known: Users = new Map();
  let acknowledged = 0;
  for (let kill = 0; kill < KILLS / LANES.length; kill += 1) {
    const child = new RunningProcess(process.execPath, [editor, path, lane]);
    // In the middle of something: in the first change, or in a later one. That the moment is random is the point;
    // nothing is waited for.
    const begun = 1 + Math.floor(Math.random() * 6);
    await until(() => child.stdout.split('\n').length > begun, { what: 'the editor to begin' });
    await pause(Math.random() * 30);
    child.kill('SIGKILL');
    const { stdout, stderr, signal } = await child.end();
    assert.equal(signal, 'SIGKILL', stderr);

    const lines = stdout
      .split('\n')
      .slice(0, -1)
      .map((line): EditorLine => JSON.parse(line));
    const done = lines.filter(({ state }) => state === 'done');
    for (const { change } of done) known = after(known, change);
    acknowledged += done.length;

    // What was begun last is there whole, or not at all.
    const last = lines.at(-1);
    const possible = last?.state === 'begun' ? [known, after(known, last.change)] : [known];
    const found = await usersOf(path, lane);
    const match = possible.find((users) => isSame(users, found));
    assert.ok(
      match,
      `after ${kill + 1} kills there is ${show(found)}, expected ${possible.map(show).join(' or ')}`,
    );
    known = match;
  }
  return acknowledged;
}

/** Reads the file as it is at any moment, which has to be a right one. */
async function usersOf(path: string, lane: string): Promise<Users> {
  const users: Users = new Map();
  for await (const { name, domains } of new TomlUserStore(new TomlFile(path)).list()) {
    if (name.startsWith(`${lane}-`)) users.set(name, new Set(domains));
  }
  return users;
}

function after(users: Users, change: EditorChange): Users {
  const next: Users = new Map(users);
  const domains = next.get(change.user);
  if (change.kind === 'add' && domains === undefined) next.set(change.user, new Set());
  if (change.kind === 'remove') next.delete(change.user);
  if (change.kind === 'grant' && domains !== undefined)
    next.set(change.user, new Set([...domains, change.domain]));
  if (change.kind === 'revoke' && domains !== undefined) {
    next.set(change.user, new Set([...domains].filter((domain) => domain !== change.domain)));
  }
  return next;
}

const show = (users: Users): string =>
  JSON.stringify(Array.from(users, ([name, domains]) => [name, [...domains].toSorted()] as const).toSorted());

const isSame = (one: Users, other: Users): boolean => show(one) === show(other);

/** With comments between the users, and others beside those that are changed. */
const ORIGINAL = [
  '# Written by hand.',
  '[http]',
  'socket = "127.0.0.1:8053" # not to be lost',
  '',
  '[dns]',
  'ttl = 60',
  ...Array.from({ length: 40 }, (_, index) =>
    [
      `# Comment ${index}`,
      `[users.user${index}]`,
      `pw = '$2b$10$CCCCCCCCCCCCCCCCCCCCC.${String(index).padStart(30, '0')}.'`,
      `domains = ["h${index}.example.org"]`,
      '',
    ].join('\n'),
  ),
  '# The end.',
  '',
].join('\n');
