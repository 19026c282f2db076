import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DynonymError } from '../../domain/errors.ts';
import { makeFolder } from '../files/folder-owner.ts';
import { tryLock } from '../files/lock-file.ts';
import { replaceFile } from '../files/replace-file.ts';
import { hasCode, reasonAndPathOf } from '../files/system-error.ts';
import { unreadable } from '../files/unreadable.ts';

const OTHERS = 0o077;

/** A folder of mode 0700 for private keys. */
export class AcmeFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  pathOf(name: string): string {
    return join(this.path, name);
  }

  /** Undefined where there is no such file. Rejects with `CERTIFICATES_UNREADABLE`. */
  async read(name: string): Promise<string | undefined> {
    try {
      return await readFile(this.pathOf(name), 'utf8');
    } catch (error) {
      if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
      throw new DynonymError('CERTIFICATES_UNREADABLE', unreadable(this.pathOf(name), error), {
        cause: error,
      });
    }
  }

  /** Replaces a file durably, in one step. Only whoever holds the lock may do it. */
  write(name: string, content: string): Promise<void> {
    return this.#writing(async () => {
      await replaceFile(this.pathOf(name), [content], { mode: 0o600, onlyWriter: true });
    });
  }

  /** Runs `action` under the lock of the folder, unless another process has it. Makes the folder. */
  async alone(action: () => Promise<void>): Promise<'done' | 'held'> {
    const lock = await this.#writing(async () => {
      await this.#prepare();
      // A restarted container has a new host name. Its earlier lock must not keep it out.
      return tryLock(this.pathOf('lock'), 'ignored');
    });
    if (lock.kind === 'held') return 'held';
    if (lock.kind === 'foreign') {
      throw new DynonymError('CERTIFICATES_UNWRITABLE', `${lock.place} is no lock of ours: remove it`);
    }
    try {
      await action();
      return 'done';
    } finally {
      await lock.release();
    }
  }

  /** Makes the folder. Rejects where others may enter it: its mode is for the operator to change. */
  async #prepare(): Promise<void> {
    await makeFolder(this.path, 0o700);
    const { mode } = await stat(this.path);
    if ((mode & OTHERS) === 0 || process.platform === 'win32') return;
    const message = `others may enter ${this.path}, where private keys are kept; type: chmod 700 ${this.path}`;
    throw new DynonymError('CERTIFICATES_UNWRITABLE', message);
  }

  async #writing<Result>(action: () => Promise<Result>): Promise<Result> {
    try {
      return await action();
    } catch (error) {
      if (error instanceof DynonymError) throw error;
      const message = `${this.path} cannot be written: ${reasonAndPathOf(error)}`;
      throw new DynonymError('CERTIFICATES_UNWRITABLE', message, { cause: error });
    }
  }
}
