import { ContainerModule } from 'inversify';
import { MemoryWatchedNames } from '../../application/history/memory-watched-names.ts';
import { type Token, tokens } from '../inversify/tokens.ts';
import { TomlEntryWatch } from './toml-entry-watch.ts';
import { TomlFile } from './toml-file.ts';
import { TomlHostStore } from './toml-host-store.ts';
import { TomlSecretPlace } from './toml-secret-place.ts';
import { TomlSettingsStore } from './toml-settings-store.ts';
import { TomlUserStore } from './toml-user-store.ts';

/** Shared by all stores on the file. */
const tomlFile = Symbol('tomlFile') as unknown as Token<TomlFile>;

/** The configuration file. Where users and hosts are kept elsewhere, their stores are bound anew. */
export const tomlModule = new ContainerModule(({ bind }) => {
  bind(tomlFile).toResolvedValue(
    (path, passwords, parseRoute) =>
      new TomlFile(path, { recognises: (hash) => passwords.recognises(hash), parseRoute }),
    [tokens.configurationFile, tokens.passwordHasher, tokens.parseRoute],
  );
  bind(tokens.settingsStore).toResolvedValue((file) => new TomlSettingsStore(file), [tomlFile]);
  bind(tokens.entryWatch).toResolvedValue((file) => new TomlEntryWatch(file), [tomlFile]);
  bind(tokens.secretPlace).toResolvedValue((file) => new TomlSecretPlace(file), [tomlFile]);
  bind(tokens.userStore).toResolvedValue((file) => new TomlUserStore(file), [tomlFile]);
  bind(tokens.hostStore).toResolvedValue((file) => new TomlHostStore(file), [tomlFile]);
  // The times at which names are looked at are kept in memory: a file has few users and hosts.
  bind(tokens.watchedNames).toResolvedValue(
    (file) => new MemoryWatchedNames(async () => (await file.content()).expected),
    [tomlFile],
  );
});
