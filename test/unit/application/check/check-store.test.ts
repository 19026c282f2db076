import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { wordsOfStore } from '../../../../src/adapters/check-words/check-words.ts';
import { CheckStore } from '../../../../src/application/check/check-store.ts';
import type { StoreReport } from '../../../../src/application/ports/store-inspector.ts';
import { goodDatabase, PRIMARY } from '../../../support/store-report.ts';

const STANDBY = { host: 'db2:5432', state: 'standby', latency: 1, behind: 0 } as const;
const good = goodDatabase();
const { tables } = good;
assert.ok(tables);
const [holder] = tables.instances;
assert.ok(holder);

const found = async (report: StoreReport) =>
  (await new CheckStore({ inspect: async () => report }).run()).map((finding) => {
    const { problem, cure } = wordsOfStore(finding);
    assert.ok(problem.length > 0 && cure.length > 0);
    return [finding.severity, finding.code, problem];
  });

const MIB = 1_048_576;
const cases: readonly (readonly [severity: string, code: string, problem: RegExp, report: StoreReport])[] = [
  [
    ...(['problem', 'store-away', /no host of the database answers/] as const),
    { hosts: [], database: undefined },
  ],
  [
    ...(['warning', 'store-host-away', /db2:5432 .* does not answer: refused/] as const),
    { hosts: [PRIMARY, { host: 'db2:5432', state: 'away', reason: 'refused' }], database: good },
  ],
  [
    ...(['problem', 'store-read-only', /db1:5432 answers/] as const),
    { hosts: [PRIMARY], database: { ...good, isWritable: false } },
  ],
  ...(['none', 'older', 'newer'] as const).map(
    (schema) =>
      [
        ...(['problem', 'store-schema', schema === 'none' ? /no tables yet/ : new RegExp(schema)] as const),
        { hosts: [PRIMARY], database: { ...good, schema, tables: undefined } },
      ] as const,
  ),
  [
    ...(['problem', 'store-rights-missing', /may not read and change grants, users/] as const),
    { hosts: [PRIMARY], database: { ...good, tables: { ...tables, forbidden: ['grants', 'users'] } } },
  ],
  [
    ...(['warning', 'store-rights-needless', /SUPERUSER, CREATEDB/] as const),
    { hosts: [PRIMARY], database: { ...good, needless: ['SUPERUSER', 'CREATEDB'] } },
  ],
  [
    ...(['warning', 'store-clock', /is 6 s ahead of/] as const),
    { hosts: [PRIMARY], database: { ...good, clockAhead: 6_000 } },
  ],
  [
    ...(['warning', 'store-clock', /is 60 s behind/] as const),
    { hosts: [PRIMARY], database: { ...good, clockAhead: -60_000 } },
  ],
  [
    ...(['warning', 'store-slow', /db1:5432 takes 51 ms/] as const),
    { hosts: [{ ...PRIMARY, latency: 51 }], database: good },
  ],
  [
    ...(['warning', 'store-standby-lags', /db2:5432 is 17 MiB behind/] as const),
    { hosts: [PRIMARY, { ...STANDBY, behind: 17 * MIB }], database: good },
  ],
  [
    ...(['warning', 'store-changes-kept', /has 20001 lines/] as const),
    { hosts: [PRIMARY], database: { ...good, tables: { ...tables, changes: 20_001 } } },
  ],
  [
    ...(['warning', 'store-nobody-works', /none of them does the work/] as const),
    { hosts: [PRIMARY], database: { ...good, tables: { ...tables, isLeaseHeld: false } } },
  ],
  [
    ...(['warning', 'store-acknowledges-early', /synchronous_commit is off/] as const),
    { hosts: [PRIMARY], database: { ...good, acknowledges: { written: false, replicated: false } } },
  ],
  [
    ...(['warning', 'store-acknowledges-early', /no standby is waited for/] as const),
    { hosts: [PRIMARY, STANDBY], database: { ...good, acknowledges: { written: true, replicated: false } } },
  ],
];

describe('a look at the database', () => {
  for (const [severity, code, problem, report] of cases) {
    it(`finds ${code}: ${problem.source}`, async () => {
      const [first, ...others] = await found(report);
      assert.deepEqual(first?.slice(0, 2), [severity, code]);
      assert.match(first?.[2] ?? '', problem);
      assert.deepEqual(others, []);
    });
  }

  it('finds nothing in a database that is as it should be, with a standby or without', async () => {
    assert.deepEqual(await found({ hosts: [PRIMARY, STANDBY], database: good }), []);
    const alone = { ...good, acknowledges: { written: true, replicated: false } };
    assert.deepEqual(await found({ hosts: [PRIMARY], database: alone }), []);
  });

  it('does not miss the common work where there is no instance', async () => {
    const database = { ...good, tables: { ...tables, instances: [], isLeaseHeld: false } };
    assert.deepEqual(await found({ hosts: [PRIMARY], database }), []);
  });
});
