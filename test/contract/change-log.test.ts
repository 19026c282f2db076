import { MemoryChangeLog } from '../fakes/memory-change-log.ts';
import { changeLogContract } from './change-log.contract.ts';

changeLogContract('MemoryChangeLog', async () => {
  const log = new MemoryChangeLog();
  return {
    ...{ log, other: log },
    write: async (change) => log.writeHere(change),
    putBack: async () => log.putBack(),
  };
});
