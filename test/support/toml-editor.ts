import { writeSync } from 'node:fs';
import { TomlFile } from '../../src/adapters/toml/toml-file.ts';
import { TomlUserStore } from '../../src/adapters/toml/toml-user-store.ts';
import type { DomainName } from '../../src/domain/domain-name.ts';
import type { UserName } from '../../src/domain/user.ts';
import { userNamed } from './fixtures.ts';

// A process that changes the users of a configuration until it is killed: `toml-editor FILE LANE`. It touches
// only users whose names begin with LANE. Each change is told on a line of its own before it is begun, as
// JSON, and again when it is acknowledged.

/** What the editor does to a user. */
export type EditorChange =
  | { readonly kind: 'add' | 'remove'; readonly user: string }
  | { readonly kind: 'grant' | 'revoke'; readonly user: string; readonly domain: string };

export type EditorLine = { readonly state: 'begun' | 'done'; readonly change: EditorChange };

const USERS = 4;
const DOMAINS = 6;

async function editForever(path: string, lane: string): Promise<never> {
  const store = new TomlUserStore(new TomlFile(path));
  for (;;) {
    const change = randomChange(lane);
    tell({ state: 'begun', change });
    await make(store, change);
    tell({ state: 'done', change });
  }
}

function randomChange(lane: string): EditorChange {
  const user = `${lane}-${Math.floor(Math.random() * USERS)}`;
  const domain = `h${Math.floor(Math.random() * DOMAINS)}.example.org`;
  const chance = Math.random();
  if (chance < 0.3) return { kind: 'add', user };
  if (chance < 0.4) return { kind: 'remove', user };
  return chance < 0.75 ? { kind: 'grant', user, domain } : { kind: 'revoke', user, domain };
}

function make(store: TomlUserStore, change: EditorChange): Promise<unknown> {
  const name = change.user as UserName;
  switch (change.kind) {
    case 'add':
      return store.add(userNamed(name, [], { passwordHash: '$2b$10$x' }));
    case 'remove':
      return store.remove(name);
    case 'grant':
      return store.grant(name, change.domain as DomainName);
    case 'revoke':
      return store.revoke(name, change.domain as DomainName);
  }
}

/** Written before the next thing happens, so that nothing acknowledged goes unheard. */
function tell(line: EditorLine): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}

const [, , path = '', lane = ''] = process.argv;
if (path !== '') await editForever(path, lane);
