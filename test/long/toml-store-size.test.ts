import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { TomlFile } from '../../src/adapters/toml/toml-file.ts';
import { TomlUserStore } from '../../src/adapters/toml/toml-user-store.ts';
import { domainName } from '../../src/domain/domain-name.ts';
import { parseUserName, type UserName } from '../../src/domain/user.ts';
import { userSection } from '../support/fixtures.ts';
import { valueIn } from '../support/parsed.ts';
import { runProgram } from '../support/run-program.ts';
import { tempFolder } from '../support/temp-folder.ts';

const name = (index: number): UserName => valueIn(parseUserName(`user${index}`));

const HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$Z29vZGhhc2hnb29kaGFzaGdvb2RoYXNoZ29vZGhhc2g';

/** A configuration with this many users, each with a comment. */
function withUsers(count: number): string {
  const path = join(tempFolder(), 'dynonym.toml');
  const users = Array.from(
    { length: count },
    (_, index) => `# Number ${index}
${userSection(name(index), HASH, [`home${index}.example.org`, `cam${index}.example.org`])}`,
  );
  writeFileSync(path, users.join('\n'));
  return path;
}

// What these cost is measured by `npm run bench`.

describe('a configuration of 10,000 users', () => {
  it('is changed by a command in one place, and nowhere else', async () => {
    const path = withUsers(10_000);
    const before = readFileSync(path, 'utf8');
    const { status, stderr } = await runProgram([
      ...['configure', 'users', 'auth', name(7777), 'new.example.org', '-c', path],
    ]);
    assert.equal(status, 0, stderr);
    const after = before.replace('"cam7777.example.org"]', '"cam7777.example.org", "new.example.org"]');
    assert.equal(readFileSync(path, 'utf8'), after);
  });

  it('answers for each of them', async () => {
    const users = new TomlUserStore(new TomlFile(withUsers(10_000)));
    for (let index = 0; index < 10_000; index += 1) {
      const user = await users.find(name(index));
      assert.ok(user?.domains.includes(domainName(`cam${index}.example.org`)), name(index));
    }
    assert.equal(await users.find(name(10_000)), undefined);
    const asked = ['home9999.example.org', 'home10000.example.org'].map(domainName);
    assert.deepEqual([...(await users.grantedOf(asked))], ['home9999.example.org']);
  });
});
