import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { TomlFile } from '../../src/adapters/toml/toml-file.ts';
import { TomlUserStore } from '../../src/adapters/toml/toml-user-store.ts';
import { domainName } from '../../src/domain/domain-name.ts';
import { parseUserName, type UserName } from '../../src/domain/user.ts';
import { valueIn } from '../support/parsed.ts';
import { tempFolder } from '../support/temp-folder.ts';

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
 * Seconds of work of this process, all threads together. Unlike the time that passes, they do not grow when
 * other processes are at work; without any, less time than this passes.
 */
async function secondsOf(action: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await action();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

describe('a configuration of 10,000 users', () => {
  it('is changed within two seconds, from the start of a process on', async () => {
    const path = withUsers(10_000);
    const before = readFileSync(path, 'utf8');
    const users = new TomlUserStore(new TomlFile(path));
    const domain = domainName('new.example.org');
    const seconds = await secondsOf(() => users.grant(name(7777), domain));
    assert.ok(seconds < 2, `${seconds} s`);
    const after = before.replace('"cam7777.example.org"]', '"cam7777.example.org", "new.example.org"]');
    assert.equal(readFileSync(path, 'utf8'), after);
  });
});

describe('a configuration of 100,000 users', () => {
  it('is read within three seconds, and then answers in no more time than a small one', async () => {
    const users = new TomlUserStore(new TomlFile(withUsers(100_000)));
    const reading = await secondsOf(() => users.find(name(0)));
    assert.ok(reading < 3, `${reading} s to read it`);
    const small = new TomlUserStore(new TomlFile(withUsers(10)));
    const ask = (store: TomlUserStore) => async (): Promise<void> => {
      for (let index = 0; index < 2000; index += 1) {
        await store.find(name(index));
        await store.isGranted(domainName('cam5.example.org'));
      }
    };
    const [few, many] = [await secondsOf(ask(small)), await secondsOf(ask(users))];
    assert.ok(many < 3 * few + 0.1, `${many} s instead of ${few} s`);
  });
});
