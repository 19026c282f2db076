import { ContainerModule } from 'inversify';
import { type Token, tokens } from '../inversify/tokens.ts';
import { secretFiles } from './secret-files.ts';
import { TomlFile } from './toml-file.ts';
import { TomlHostStore } from './toml-host-store.ts';
import { TomlSettingsStore } from './toml-settings-store.ts';
import { TomlUserStore } from './toml-user-store.ts';

/** The three stores share it, and nobody outside needs it. */
const tomlFile = Symbol('tomlFile') as unknown as Token<TomlFile>;

/** Binds the stores that are one TOML file. */
export const tomlModule = new ContainerModule(({ bind }) => {
  bind(tomlFile).toResolvedValue(
    (path, passwords) => new TomlFile(path, (hash) => passwords.recognises(hash)),
    [tokens.configurationFile, tokens.passwordHasher],
  );
  bind(tokens.userStore).toResolvedValue((file) => new TomlUserStore(file), [tomlFile]);
  bind(tokens.hostStore).toResolvedValue((file) => new TomlHostStore(file), [tomlFile]);
  bind(tokens.settingsStore).toResolvedValue((file) => new TomlSettingsStore(file), [tomlFile]);
  bind(tokens.secretFiles).toResolvedValue((file) => () => secretFiles(file), [tomlFile]);
});
