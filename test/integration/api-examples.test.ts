import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { runProcess } from '../support/run-process.ts';
import { REPOSITORY } from '../support/run-program.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { startApi } from '../unit/adapters/api/household.ts';

/** Commands of docs/api.md, and what they are said to print, if that is said. */
type Example = { readonly commands: string; readonly printed: string | undefined };

const BLOCKS = /^```sh\n([\s\S]*?)^```\n(?:```json\n([\s\S]*?)^```$)?/gm;
const EXAMPLES: readonly Example[] = [
  ...readFileSync(join(REPOSITORY, 'docs/api.md'), 'utf8').matchAll(BLOCKS),
].map(([, commands = '', printed]) => ({ commands, printed }));

/** The JSON values of a text, one after another. Each begins in a line of its own. */
const valuesIn = (text: string): readonly unknown[] =>
  text
    .split(/\n(?=\{)/)
    .filter((part) => part.trim() !== '')
    .map((part) => JSON.parse(part));

/** What the document leaves open with an ellipsis is left open here too. */
const withEllipses = (value: unknown, printed: unknown): unknown => {
  if (printed === '…') return printed;
  if (typeof value !== 'object' || value === null) return value;
  const inner = (key: string | number) => (printed as Readonly<Record<string, unknown>> | undefined)?.[key];
  if (Array.isArray(value)) return value.map((one, index) => withEllipses(one, inner(index)));
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withEllipses(one, inner(key))]));
};

describeWithTools('The examples of docs/api.md', ['curl'], () => {
  it('do as printed what the page says', async () => {
    assert.ok(EXAMPLES.length > 0);
    const { port } = await startApi({ web: 'http://localhost' });
    const cwd = tempFolder();
    const env = { API: `http://127.0.0.1:${port}/api/v1`, TOKEN: 'write', OPERATOR: 'operate' };
    for (const { commands, printed } of EXAMPLES) {
      const { status, stdout, stderr } = await runProcess('sh', ['-ec', commands], { cwd, env });
      assert.equal(status, 0, `${commands}\n${stderr}`);
      const values = valuesIn(stdout.replaceAll('127.0.0.1', '192.0.2.7'));
      if (printed === undefined) {
        for (const value of values) assert.ok(!('status' in Object(value)), `${commands}\n${stdout}`);
        continue;
      }
      const expected = valuesIn(printed);
      assert.deepEqual(
        values.map((value, index) => withEllipses(value, expected[index])),
        expected,
        commands,
      );
    }
  });
});
