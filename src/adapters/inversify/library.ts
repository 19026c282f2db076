import type { Container } from 'inversify';
import {
  createContainer as createInversifyContainer,
  loadService as loadServiceInto,
  loadSettings as loadSettingsInto,
} from './create-container.ts';
import type { Files } from './files.ts';
import type { Token } from './tokens.ts';

/**
 * The container as the library shows it: whatever has a token can be had, and replaced before it is used. The package
 * behind it may change without a new major version, and programs need not install it.
 */
export interface Services {
  get<Type>(token: Token<Type>): Type;
  rebind<Type>(token: Token<Type>): { toConstantValue(value: Type): unknown };
}

/** All parts of dynonym. Nothing is made before it is asked for, each thing once. */
export const createContainer = (files: Files): Services => createInversifyContainer(files);

/** Reads the settings. Rejects with a DynonymError that lists all that is wrong with them. */
export const loadSettings = (container: Services): Promise<void> => loadSettingsInto(inversify(container));

/** Reads the settings, and adds what it takes to serve. */
export const loadService = (container: Services): Promise<void> => loadServiceInto(inversify(container));

/** Only {@link createContainer} makes one. */
const inversify = (container: Services): Container => container as Container;
