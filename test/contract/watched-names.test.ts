import { join } from 'node:path';
import { TomlFile } from '../../src/adapters/toml/toml-file.ts';
import { TomlHostStore } from '../../src/adapters/toml/toml-host-store.ts';
import { TomlSettingsStore } from '../../src/adapters/toml/toml-settings-store.ts';
import { TomlUserStore } from '../../src/adapters/toml/toml-user-store.ts';
import { MemoryWatchedNames } from '../../src/application/history/memory-watched-names.ts';
import { MemoryHistory } from '../fakes/memory-history.ts';
import { MemoryHostStore } from '../fakes/memory-host-store.ts';
import { MemoryUserStore } from '../fakes/memory-user-store.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { watchedNames } from '../support/watched-names.ts';
import { watchedNamesContract } from './watched-names.contract.ts';

watchedNamesContract('MemoryWatchedNames on stores in memory', async () => {
  const [users, hosts] = [new MemoryUserStore(), new MemoryHostStore()];
  return { users, hosts, watched: watchedNames(users, hosts), history: new MemoryHistory() };
});

watchedNamesContract('MemoryWatchedNames on a configuration file', async () => {
  const file = new TomlFile(join(tempFolder(), 'dynonym.toml'));
  await new TomlSettingsStore(file).create({ overwrite: false });
  return {
    users: new TomlUserStore(file),
    hosts: new TomlHostStore(file),
    watched: new MemoryWatchedNames(async () => (await file.content()).expected),
    history: new MemoryHistory(),
  };
});
