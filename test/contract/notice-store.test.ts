import { join } from 'node:path';
import { FileNoticeStore } from '../../src/adapters/file-stores/file-notice-store.ts';
import { noLogger } from '../../src/application/ports/logger.ts';
import { MemoryNoticeStore } from '../fakes/memory-notice-store.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { noticeStoreContract, type OpenNoticeStore } from './notice-store.contract.ts';

noticeStoreContract('MemoryNoticeStore', async () => {
  const store = new MemoryNoticeStore();
  const opened: OpenNoticeStore = { store, reopen: async () => opened };
  return opened;
});

noticeStoreContract('FileNoticeStore', async () => {
  const path = join(tempFolder(), 'notices.jsonl');
  const open = (): OpenNoticeStore => {
    const store = new FileNoticeStore(path, noLogger);
    return {
      store,
      async reopen() {
        await store.close();
        return open();
      },
    };
  };
  return open();
});
