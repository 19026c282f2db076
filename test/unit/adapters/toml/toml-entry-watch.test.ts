import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { TomlEntryWatch } from '../../../../src/adapters/toml/toml-entry-watch.ts';
import { TomlFile } from '../../../../src/adapters/toml/toml-file.ts';
import { TomlHostStore } from '../../../../src/adapters/toml/toml-host-store.ts';
import { TomlUserStore } from '../../../../src/adapters/toml/toml-user-store.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import type { UserName } from '../../../../src/domain/user.ts';
import { userNamed } from '../../../support/fixtures.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const NONE = { added: 0, removed: 0, changed: 0 };
const HOME = domainName('home.example.org');
const NEW_USER = { ...userNamed('carol'), passwordHash: '$2b$10$x' };
const [ALICE, BOB, CAROL] = ['alice', 'bob', 'carol'] as UserName[];

const user = (name: string, more = '') => `[users.${name}]\npw = "$2b$10$x"\n${more}\n`;

/** A server with alice and bob, whose file others change too. */
async function watched() {
  const path = join(tempFolder(), 'dynonym.toml');
  writeFileSync(path, user('alice', 'domains = ["a.test"]\nnetworks = ["192.0.2.0/24"]') + user('bob'));
  const file = new TomlFile(path);
  const watch = new TomlEntryWatch(file);
  assert.equal(await watch.sinceLast(), undefined);
  return { path, watch, users: new TomlUserStore(file), hosts: new TomlHostStore(file) };
}

describe('what others change in the users and hosts of a file', () => {
  it('is counted once', async () => {
    const { path, watch } = await watched();
    const text = user('alice', 'domains = ["b.test"]\nnetworks = ["192.0.2.0/24"]') + user('carol');
    writeFileSync(path, `${text}[hosts."home.example.org"]\nttl = 5\n`);
    assert.deepEqual(await watch.sinceLast(), {
      users: { added: 1, removed: 1, changed: 1 },
      hosts: { ...NONE, added: 1 },
    });
    assert.equal(await watch.sinceLast(), undefined);
    writeFileSync(path, text);
    assert.deepEqual(await watch.sinceLast(), { users: NONE, hosts: { ...NONE, removed: 1 } });
  });

  it('may be all users', async () => {
    const { path, watch } = await watched();
    writeFileSync(path, '[dns]\nttl = 60\n');
    assert.deepEqual(await watch.sinceLast(), { users: { ...NONE, removed: 2 }, hosts: NONE });
  });

  it('may be nothing but comments and settings', async () => {
    const { path, watch } = await watched();
    appendFileSync(path, '# mine\n[dns]\nttl = 5\n');
    assert.deepEqual(await watch.sinceLast(), { users: NONE, hosts: NONE });
  });

  it('by a command is counted, as any other change is', async () => {
    const { path, watch } = await watched();
    await new TomlUserStore(new TomlFile(path)).add(NEW_USER);
    assert.deepEqual(await watch.sinceLast(), { users: { ...NONE, added: 1 }, hosts: NONE });
  });

  it('is not what this process changes', async () => {
    const { watch, users, hosts } = await watched();
    await users.add(NEW_USER);
    await users.remove(BOB as UserName);
    assert.deepEqual(await watch.sinceLast(), { users: NONE, hosts: NONE });
    await hosts.change(HOME, { offline: true });
    assert.deepEqual(await watch.sinceLast(), { users: NONE, hosts: NONE });
    assert.equal(await watch.sinceLast(), undefined);
  });

  it('is counted when this process changes something before it looks', async () => {
    const { path, watch, users } = await watched();
    writeFileSync(path, readFileSync(path, 'utf8') + user('carol'));
    await users.grant(ALICE as UserName, HOME);
    const { users: counts } = (await watch.sinceLast()) ?? {};
    assert.equal(counts?.added, 1);
    await users.remove(CAROL as UserName);
    assert.deepEqual(await watch.sinceLast(), { users: NONE, hosts: NONE });
  });

  it('in a file with problems is counted when they are gone', async () => {
    const { path, watch } = await watched();
    writeFileSync(path, user('alice', 'ofline = true'));
    assert.equal(await watch.sinceLast(), undefined);
    writeFileSync(path, user('bob'));
    assert.deepEqual(await watch.sinceLast(), { users: { ...NONE, removed: 1 }, hosts: NONE });
  });
});
