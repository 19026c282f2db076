import 'reflect-metadata';
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Container } from 'inversify';
import { tokens } from '../../../../src/adapters/inversify/tokens.ts';
import { systemModule } from '../../../../src/adapters/system/system.module.ts';
import { tomlModule } from '../../../../src/adapters/toml/toml.module.ts';
import { valid } from '../../../../src/domain/errors.ts';
import { MemoryUserStore } from '../../../fakes/memory-user-store.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

describe('the stores of the configuration file', () => {
  it('can be replaced one by one: the settings stay in the file while the users come from elsewhere', async () => {
    const path = join(tempFolder(), 'dynonym.toml');
    writeFileSync(path, '[http]\nworkers = 3\n');
    const container = new Container({ defaultScope: 'Singleton' });
    container.bind(tokens.configurationFile).toConstantValue(path);
    container.bind(tokens.parseRoute).toConstantValue(valid);
    container.load(systemModule, tomlModule);
    const users = new MemoryUserStore();
    container.rebind(tokens.userStore).toConstantValue(users);
    assert.equal((await container.get(tokens.settingsStore).load()).http.workers, 3);
    assert.equal(container.get(tokens.userStore), users);
  });
});
