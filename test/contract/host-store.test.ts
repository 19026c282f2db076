import { join } from 'node:path';
import { TomlFile } from '../../src/adapters/toml/toml-file.ts';
import { TomlHostStore } from '../../src/adapters/toml/toml-host-store.ts';
import { TomlSettingsStore } from '../../src/adapters/toml/toml-settings-store.ts';
import { MemoryHostStore } from '../fakes/memory-host-store.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { hostStoreContract } from './host-store.contract.ts';

hostStoreContract('MemoryHostStore', async () => {
  const store = new MemoryHostStore();
  return { store, other: store };
});

hostStoreContract('TomlHostStore', async () => {
  const path = join(tempFolder(), 'dynonym.toml');
  const file = new TomlFile(path);
  await new TomlSettingsStore(file).create({ overwrite: false });
  return { store: new TomlHostStore(file), other: new TomlHostStore(new TomlFile(path)) };
});
