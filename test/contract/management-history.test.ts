import { join } from 'node:path';
import { FileManagementHistory } from '../../src/adapters/file-history/file-management-history.ts';
import { noLogger } from '../../src/application/ports/logger.ts';
import { MemoryManagementHistory } from '../fakes/memory-management-history.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { managementHistoryContract } from './management-history.contract.ts';

managementHistoryContract('MemoryManagementHistory', async () => {
  const history = new MemoryManagementHistory();
  return { history, other: history };
});

managementHistoryContract('FileManagementHistory', async () => {
  const path = join(tempFolder(), 'dynonym.management.json');
  return {
    history: new FileManagementHistory(path, noLogger),
    other: new FileManagementHistory(path, noLogger),
  };
});
