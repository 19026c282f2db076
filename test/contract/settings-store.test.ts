import { join } from 'node:path';
import { TomlFile } from '../../src/adapters/toml/toml-file.ts';
import { TomlSettingsStore } from '../../src/adapters/toml/toml-settings-store.ts';
import { MemorySettingsStore } from '../fakes/memory-settings-store.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { settingsStoreContract } from './settings-store.contract.ts';

settingsStoreContract('MemorySettingsStore', async () => {
  const store = new MemorySettingsStore();
  return { store, other: store };
});

settingsStoreContract('TomlSettingsStore', async () => {
  const path = join(tempFolder(), 'dynonym.toml');
  return {
    store: new TomlSettingsStore(new TomlFile(path)),
    other: new TomlSettingsStore(new TomlFile(path)),
  };
});
