import { ContainerModule } from 'inversify';
import { tokens } from '../inversify/tokens.ts';
import { FileProcessLock } from './file-process-lock.ts';

/** Binds the lock that is a file. */
export const fileLockModule = new ContainerModule(({ bind }) => {
  bind(tokens.processLock).toResolvedValue((path) => new FileProcessLock(path), [tokens.lockFile]);
});
