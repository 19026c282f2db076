import { join } from 'node:path';
import { TomlFile } from '../../src/adapters/toml/toml-file.ts';
import { TomlSettingsStore } from '../../src/adapters/toml/toml-settings-store.ts';
import { TomlUserStore } from '../../src/adapters/toml/toml-user-store.ts';
import { MemoryUserStore } from '../fakes/memory-user-store.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { userStoreContract } from './user-store.contract.ts';

userStoreContract('MemoryUserStore', async () => {
  const store = new MemoryUserStore();
  return { store, other: store };
});

userStoreContract('TomlUserStore', async () => {
  const path = join(tempFolder(), 'dynonym.toml');
  const file = new TomlFile(path);
  await new TomlSettingsStore(file).create({ overwrite: false });
  return { store: new TomlUserStore(file), other: new TomlUserStore(new TomlFile(path)) };
});
