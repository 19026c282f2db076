import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { KEYS, secretText } from '../support/name-servers/keys.ts';
import { runProcess } from '../support/run-process.ts';
import { REPOSITORY } from '../support/run-program.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { toolPath } from '../support/tools.ts';

const KEY = ['dynonym', 'xfr']
  .map((name) => `key "${name}" { algorithm hmac-sha256; secret "${secretText(KEYS.sha256)}"; };\n`)
  .join('');

describeWithTools('docs/scale.md', ['named-checkconf'], () => {
  const page = readFileSync(join(REPOSITORY, 'docs/scale.md'), 'utf8');
  const zones = [...page.matchAll(/^```\n(zone .*?)^```$/gms)].map(([, zone = '']) => zone);

  for (const kind of ['primary', 'secondary']) {
    it(`has a zone of a ${kind} that BIND takes`, async () => {
      const [zone = ''] = zones.filter((text) => text.includes(`type ${kind};`));
      assert.match(zone, /^zone "dyn\.example\.org"/);
      const file = join(tempFolder(), 'named.conf');
      writeFileSync(file, KEY + zone);
      const { status, stdout, stderr } = await runProcess(toolPath('named-checkconf'), [file]);
      assert.equal(status, 0, stdout + stderr);
    });
  }
});
