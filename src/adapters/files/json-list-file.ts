import { readFile } from 'node:fs/promises';
import { DynonymError } from '../../domain/errors.ts';
import { holding } from './hold-lock.ts';
import { replaceFile } from './replace-file.ts';
import { isMissing, reasonAndPathOf } from './system-error.ts';
import { unreadable } from './unreadable.ts';

/** Milliseconds that a change waits for another process. */
const PATIENCE = 5_000;

/** How the entries of a list are read, and how a fault of its file is described. */
export type JsonListFormat<Entry> = {
  /** Throws for anything else. */
  readonly parse: (value: unknown) => readonly Entry[];
  /** Codes of docs/errors.md. */
  readonly codes: { readonly unreadable: string; readonly unwritable: string };
  /** What an operator does about a damaged file: `remove it, and …`. */
  readonly cure: string;
};

/**
 * A list in a small JSON file, one entry on each line. Only the owner of the file may read it. It is read for every
 * question, and written as a whole for every change. The changes of all processes run one after another.
 */
export class JsonListFile<Entry> {
  readonly #path: string;
  readonly #format: JsonListFormat<Entry>;
  /** The last change of this process; the next one waits for it. */
  #changed: Promise<unknown> = Promise.resolve();

  constructor(path: string, format: JsonListFormat<Entry>) {
    this.#path = path;
    this.#format = format;
  }

  async read(): Promise<readonly Entry[]> {
    const { codes, cure, parse } = this.#format;
    let text: string;
    try {
      text = await readFile(this.#path, 'utf8');
    } catch (error) {
      if (isMissing(error)) return [];
      throw new DynonymError(codes.unreadable, unreadable(this.#path, error), { cause: error });
    }
    try {
      return parse(JSON.parse(text));
    } catch (error) {
      throw new DynonymError(codes.unreadable, `${this.#path} is damaged: ${cure}`, { cause: error });
    }
  }

  /** Writes the list `next` that `plan` makes of all entries, or nothing without one. Durable when it resolves. */
  change<Outcome>(
    plan: (all: readonly Entry[]) => { outcome: Outcome; next?: readonly Entry[] },
  ): Promise<Outcome> {
    const change = this.#changed.then(() =>
      this.#holdingLock(async () => {
        const { outcome, next } = plan(await this.read());
        if (next !== undefined) await this.#write(next);
        return outcome;
      }),
    );
    this.#changed = change.catch(() => {});
    return change;
  }

  async #holdingLock<Result>(action: () => Promise<Result>): Promise<Result> {
    try {
      return await holding(`${this.#path}.lock~`, PATIENCE, action);
    } catch (error) {
      if (error instanceof DynonymError) throw error;
      const message = `${this.#path} cannot be written: ${reasonAndPathOf(error)}`;
      throw new DynonymError(this.#format.codes.unwritable, message, { cause: error });
    }
  }

  async #write(entries: readonly Entry[]): Promise<void> {
    const lines = entries.map((entry) => JSON.stringify(entry));
    await replaceFile(this.#path, [`[\n${lines.join(',\n')}\n]\n`], { mode: 0o600, onlyWriter: true });
  }
}
