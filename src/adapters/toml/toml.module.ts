import { ContainerModule } from 'inversify';
import { type Token, tokens } from '../inversify/tokens.ts';
import { secretFiles } from './secret-files.ts';
import { TomlFile } from './toml-file.ts';
import { TomlHostStore } from './toml-host-store.ts';
import { TomlSettingsStore } from './toml-settings-store.ts';
import { TomlUserStore } from './toml-user-store.ts';

/** The three stores share it, and nobody outside needs it. */
const tomlFile = Symbol('tomlFile') as unknown as Token<TomlFile>;

/** Binds the configuration file. Each store in it is bound by itself, so that any of them can be elsewhere. */
export const tomlModule = new ContainerModule(({ bind }) => {
  bind(tomlFile).toResolvedValue(
    (path, passwords) => new TomlFile(path, (hash) => passwords.recognises(hash)),
    [tokens.configurationFile, tokens.passwordHasher],
  );
  bind(tokens.secretFiles).toResolvedValue((file) => () => secretFiles(file), [tomlFile]);
});

export const tomlSettings = new ContainerModule(({ bind }) => {
  bind(tokens.settingsStore).toResolvedValue((file) => new TomlSettingsStore(file), [tomlFile]);
});

export const tomlUsers = new ContainerModule(({ bind }) => {
  bind(tokens.userStore).toResolvedValue((file) => new TomlUserStore(file), [tomlFile]);
});

export const tomlHosts = new ContainerModule(({ bind }) => {
  bind(tokens.hostStore).toResolvedValue((file) => new TomlHostStore(file), [tomlFile]);
});
