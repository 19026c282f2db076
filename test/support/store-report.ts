import type { StoreReport } from '../../src/application/ports/store-inspector.ts';

export const PRIMARY = { host: 'db1:5432', state: 'primary', latency: 0.44 } as const;

/** A database with which nothing is wrong. */
export const goodDatabase = (): NonNullable<StoreReport['database']> => ({
  host: 'db1:5432',
  isWritable: true,
  version: '15.6',
  size: 12_345_678,
  clockAhead: 3,
  schema: 'ready',
  needless: [],
  acknowledges: { written: true, replicated: true },
  tables: {
    users: 1_200,
    names: undefined,
    instances: [
      {
        ...{ host: 'one', process: 7, version: '1.2.3' },
        ...{ since: Date.UTC(2027, 0, 31), seen: Date.UTC(2027, 1, 1), isHolder: true },
      },
    ],
    isLeaseHeld: true,
    changes: 10_000,
    forbidden: [],
  },
});
