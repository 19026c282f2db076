import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { manualPages } from '../../scripts/manual-pages.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { runProcess } from '../support/run-process.ts';
import { tempFolder } from '../support/temp-folder.ts';

describeWithTools('the manual', ['mandoc'], () => {
  for (const [name, text] of manualPages()) {
    it(`${name} has nothing that mandoc finds fault with`, async () => {
      const file = join(tempFolder(), name);
      writeFileSync(file, text);
      assert.deepEqual(await runProcess('mandoc', ['-T', 'lint', file]), {
        status: 0,
        signal: null,
        stdout: '',
        stderr: '',
      });
    });
  }
});
