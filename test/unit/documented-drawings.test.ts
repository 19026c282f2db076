import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { benchmarkBars } from '../../scripts/drawings/benchmark-bars.ts';
import { drawings } from '../../scripts/drawings.ts';
import { REPOSITORY } from '../support/run-program.ts';

const FOLDER = join(REPOSITORY, 'docs/drawings');

const table = (row: string): string => `<!-- what the last whole run measured -->
| what | measured | beside | result | goal | reached |
|---|---|---|---|---|---|
${row}
<!-- end of what was measured -->`;

describe('the drawings of the documentation', () => {
  it('are those that the code and the measured table make: `npm run docs` draws them anew', () => {
    const made = drawings();
    assert.deepEqual(readdirSync(FOLDER).toSorted(), [...made.keys()].toSorted());
    for (const [name, text] of made) {
      assert.ok(readFileSync(join(FOLDER, name), 'utf8') === text, `${name} is not up to date: npm run docs`);
    }
  });

  it('show the decorators in the order in which a change meets them', () => {
    const shown = drawings()
      .get('update.svg')
      ?.match(/(?<=class="name">)\w+(?=DnsUpdater<)/g);
    assert.deepEqual(shown, ['Remembering', 'Confirming', 'Batching', 'Metered', 'Rfc2136', 'NameServer']);
  });

  it('show every row of the measured table with its figures', () => {
    const row =
      '| speed (/s) | ours: 1,200 (1,000 to 2,000) | other: 500 (400 to 600) | 2.40 × | at least 3 × | **no** |';
    const bars = benchmarkBars(table(row));
    assert.match(bars, />speed \(\/s\)</);
    assert.match(bars, />goal of at least 3 ×, missed</);
    const widths = [...bars.matchAll(/<rect x="\d+" y="\d+" width="([\d.]+)"/g)].map(([, width]) =>
      Number(width),
    );
    assert.equal(((widths[0] ?? 0) / (widths[1] ?? 1)).toFixed(1), '2.4');
  });
});
