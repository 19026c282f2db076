import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { SECTIONS } from '../../../../src/adapters/toml/syntax-hints.ts';

// test/unit/adapters/toml/configuration.test.ts has the hints themselves.

it('the sections that may stand alone by mistake are those of the configuration', () => {
  const schema = JSON.parse(
    readFileSync(new URL('../../../../docs/dynonym.schema.json', import.meta.url), 'utf8'),
  );
  assert.deepEqual(SECTIONS.toSorted(), Object.keys(schema.properties).toSorted());
});
