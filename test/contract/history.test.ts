import { join } from 'node:path';
import { FileHistory } from '../../src/adapters/file-history/file-history.ts';
import { noLogger } from '../../src/application/ports/logger.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { MemoryHistory } from '../fakes/memory-history.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { historyContract } from './history.contract.ts';

historyContract('MemoryHistory', async ({ events }) => new MemoryHistory(events));

historyContract('FileHistory', async ({ events }) => {
  return new FileHistory(join(tempFolder(), 'dynonym.history.jsonl'), {
    limits: { events, days: 90 },
    clock: new ManualClock(0),
    logger: noLogger,
    lost() {},
  });
});
