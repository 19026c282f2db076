import { FileProcessLock } from '../../src/adapters/file-stores/file-process-lock.ts';

/**
 * A process that tries for the lock at the path of its first argument when its parent says so, and gives it
 * back when its parent says so. It ends with its parent, whose messages end then.
 */
export type ToContender = 'acquire' | 'release';

export type FromContender =
  | 'ready'
  | 'released'
  | { readonly kind: 'held'; readonly by: number }
  | { readonly kind: 'acquired'; readonly takenOverFrom: number | undefined };

const tell = (message: FromContender) => process.send?.(message);

const lock = new FileProcessLock(process.argv[2] ?? '');
let release = async () => {};

process.on('message', async (command: ToContender) => {
  if (command === 'release') {
    await release();
    tell('released');
    return;
  }
  const outcome = await lock.acquire();
  if (outcome.kind === 'held') {
    tell({ kind: 'held', by: outcome.by });
    return;
  }
  if (outcome.kind === 'unwritable') throw outcome.fault;
  release = () => outcome.release();
  tell({ kind: 'acquired', takenOverFrom: outcome.takenOverFrom });
});
process.on('disconnect', () => process.exit());

tell('ready');
