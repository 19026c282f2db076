import { isDeepStrictEqual } from 'node:util';
import type { EntryChanges, EntryCount, EntryWatch } from '../../application/ports/entry-watch.ts';
import type { Content } from './content.ts';
import type { TomlFile } from './toml-file.ts';

/** Compares what the file said with what it says. Nothing is read for that, or parsed, that was not read already. */
export class TomlEntryWatch implements EntryWatch {
  readonly #file: TomlFile;
  /** The content at the last call. */
  #last: Content | undefined;

  constructor(file: TomlFile) {
    this.#file = file;
  }

  async sinceLast(): Promise<EntryChanges | undefined> {
    const { before, now } = await this.#file.changeByOthers();
    const last = this.#last ?? before;
    this.#last = now;
    if (now === last) return undefined;
    return { users: countBetween(before.users, now.users), hosts: countBetween(before.hosts, now.hosts) };
  }
}

function countBetween<Key, Value>(before: ReadonlyMap<Key, Value>, now: ReadonlyMap<Key, Value>): EntryCount {
  if (before === now) return { added: 0, removed: 0, changed: 0 };
  let [added, changed] = [0, 0];
  for (const [key, value] of now) {
    const old = before.get(key);
    if (old === undefined) added += 1;
    else if (!isDeepStrictEqual(old, value)) changed += 1;
  }
  return { added, removed: before.size + added - now.size, changed };
}
