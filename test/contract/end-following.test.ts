import { join } from 'node:path';
import { TomlFile } from '../../src/adapters/toml/toml-file.ts';
import { TomlHostStore } from '../../src/adapters/toml/toml-host-store.ts';
import { TomlSettingsStore } from '../../src/adapters/toml/toml-settings-store.ts';
import { TomlUserStore } from '../../src/adapters/toml/toml-user-store.ts';
import { MemoryHostStore } from '../fakes/memory-host-store.ts';
import { MemoryUserStore } from '../fakes/memory-user-store.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { endFollowingContract } from './end-following.contract.ts';

endFollowingContract('stores in memory', async () => ({
  users: new MemoryUserStore(),
  hosts: new MemoryHostStore(),
}));

endFollowingContract('a configuration file', async () => {
  const file = new TomlFile(join(tempFolder(), 'dynonym.toml'));
  await new TomlSettingsStore(file).create({ overwrite: false });
  return { users: new TomlUserStore(file), hosts: new TomlHostStore(file) };
});
