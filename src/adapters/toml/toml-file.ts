import { stat } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { valid } from '../../domain/errors.ts';
import { holding } from '../files/hold-lock.ts';
import { replaceFile } from '../files/replace-file.ts';
import { isMissing } from '../files/system-error.ts';
import { ConfigurationFault, faultOfProblems } from './configuration-fault.ts';
import type { Content } from './content.ts';
import {
  assertRegular,
  isOfVersion,
  type ReadText,
  readText,
  statFile,
  targetOf,
  versionOf,
  writeFault,
} from './file-system.ts';
import { namedFiles } from './named-files.ts';
import type { ValueChecks } from './schema-rules.ts';
import { contentIn, problemsAt, type Snapshot, snapshotOf } from './snapshot.ts';
import { patchToml } from './toml-patch.ts';
import { readToml } from './toml-reader.ts';
import type { TomlTable } from './toml-value.ts';

/** How long a change waits for those of others, in milliseconds. */
const PATIENCE = 10_000;
/** How often a change is tried again when an editor, which knows of no lock, has changed the file meanwhile. */
const ATTEMPTS = 10;
/** Milliseconds. Two changes within one tick of the file system's clock have the same times; no tick is longer. */
const TICK = 100;
/** A file that was not written to for this many milliseconds is taken to be complete. */
const REST = 50;
/**
 * The same for an empty file, in milliseconds. An editor that saves a file often empties it first, and on a busy disk
 * seconds may pass before it writes the text.
 */
const REST_OF_EMPTY = 10_000;
/** A look waits this many milliseconds for an empty file to be written. */
const PATIENCE_WITH_EMPTY = 1_000;
/** A file that changes all the time is taken as it is after this many milliseconds. */
const RESTLESS = 2_000;

/** What the last look found. */
type Seen = {
  /** Undefined when the times of the file cannot be relied on: then the next look reads it again. */
  readonly version?: string | undefined;
  readonly snapshot: Snapshot;
};

/** A text, and what it means. */
type Written = { readonly text: string; readonly table: TomlTable };

/** Decides what an edit does, from what the file says now. */
export type Plan<Outcome> = (
  table: TomlTable,
  /** What the table says. Throws a ConfigurationFault when it has problems. */
  content: () => Content,
) => {
  /** What the document shall mean. Undefined: nothing is written. */
  readonly next?: TomlTable;
  readonly outcome: Outcome;
};

/**
 * One configuration file. Other processes, and people with editors, read and write it at the same time. All stores on a
 * file share one TomlFile.
 */
export class TomlFile {
  readonly path: string;
  readonly #checks: ValueChecks;
  #seen: Seen | undefined;
  /** The version that a look in this turn of the event loop has found to be the present one. */
  #confirmed: Seen | undefined;
  /** The last look that reads the file. The next one waits for it, and then mostly has nothing left to read. */
  #looked: Promise<unknown> = Promise.resolve();
  /** The version of an empty file that a look has waited for in vain. */
  #emptied: string | undefined;
  /** The newest content without problems. */
  #content: Content | undefined;
  /** The content since which others have changed nothing, as far as was asked: it follows what this process writes. */
  #base: Content | undefined;
  /** The last edit of this process. The next one waits for it. */
  #edited: Promise<unknown> = Promise.resolve();

  /** @param checks what others know of values; without them, every value of the right form will do. */
  constructor(path: string, checks: ValueChecks = { recognises: () => true, parseRoute: valid }) {
    this.path = path;
    this.#checks = checks;
  }

  /**
   * What the file says now. While it has problems, this is what it said before them; {@link snapshot} has the problems.
   * Rejects with a ConfigurationFault if it had problems from the start.
   */
  async content(): Promise<Content> {
    const { snapshot } = await this.#look();
    if (this.#content !== undefined) return this.#content;
    throw snapshot.judged;
  }

  /**
   * The content as it was before others changed it, and as it is {@link content now}. The next call begins there. Changes
   * by this process are in both, unless another change came in between.
   */
  async changeByOthers(): Promise<{ readonly before: Content; readonly now: Content }> {
    const now = await this.content();
    const before = this.#base ?? now;
    this.#base = now;
    return { before, now };
  }

  /** The newest version of the file, with or without problems. */
  async snapshot(): Promise<Snapshot> {
    return (await this.#look()).snapshot;
  }

  /**
   * Changes the file as `plan` says. What `plan` sees is what is changed: no other change comes between. When the promise
   * resolves, the change is on the disk. Rejects with a ConfigurationFault when the file cannot be changed, or when the
   * result would have problems; then nothing was changed.
   */
  async edit<Outcome>(plan: Plan<Outcome>): Promise<Outcome> {
    // Rejects before a lock is left beside a file that does not exist.
    await statFile(this.path);
    return this.#alone(async (target) => {
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        const { text, stats } = await readText(target, this.path);
        const { next, outcome } = this.#planned(text, plan);
        if (next === undefined) return outcome;
        // An editor may have saved the file meanwhile. Then the change is made in what it wrote.
        if (versionOf(await stat(target, { bigint: true })) !== versionOf(stats)) continue;
        await this.#write(target, next, text);
        return outcome;
      }
      throw new ConfigurationFault('CONFIG_BUSY', `${this.path}: something changes it all the time`);
    });
  }

  /** Writes a whole file. One that exists is replaced only with `overwrite`. Rejects with a ConfigurationFault. */
  async create(text: string, { overwrite }: { readonly overwrite: boolean }): Promise<'created' | 'exists'> {
    // As above. A device must not be replaced.
    const present = await stat(this.path).catch(() => undefined);
    if (present !== undefined) assertRegular(present, this.path, 'CONFIG_UNWRITABLE');
    return this.#alone(async (target) => {
      const stats = await stat(target, { bigint: true }).catch((error) => {
        if (isMissing(error)) return undefined;
        throw error;
      });
      if (stats !== undefined && !overwrite) return 'exists';
      await this.#write(target, { text, table: readToml(text, this.path) });
      return 'created';
    });
  }

  #planned<Outcome>(text: string, plan: Plan<Outcome>): { next: Written | undefined; outcome: Outcome } {
    const table = readToml(text, this.path);
    const { next, outcome } = plan(table, () => contentIn(this.path, text, table, this.#checks));
    if (next === undefined) return { next, outcome };
    const patch = patchToml(text, table, next);
    if (patch.ok) return { next: patch.text === text ? undefined : patch, outcome };
    throw faultOfProblems('CONFIG_EDIT_REFUSED', this.path, problemsAt(text, patch.problems));
  }

  /** @param edited the text in which the change was made; undefined for a whole file */
  async #write(target: string, { text, table }: Written, edited?: string): Promise<void> {
    const judged = contentIn(this.path, text, table, this.#checks);
    const isOwn = edited !== undefined && edited === this.#seen?.snapshot.text;
    // A new file can be read by its owner alone; one that is replaced keeps its mode.
    await replaceFile(target, [text], { mode: 0o600, onlyWriter: true });
    // The next look finds this text again, and need not judge it.
    this.#take({ snapshot: { text, files: namedFiles(table), judged } }, isOwn);
  }

  /** Runs `action` while no other edit, of this process or another, changes the file. */
  #alone<Result>(action: (target: string) => Promise<Result>): Promise<Result> {
    const result = this.#edited.then(async () => {
      try {
        const target = await targetOf(this.path);
        return await holding(`${target}.lock~`, PATIENCE, () => action(target));
      } catch (error) {
        throw writeFault(this.path, error);
      }
    });
    this.#edited = result.catch(() => {});
    return result;
  }

  /** The newest version. It has every change that was acknowledged before this turn of the event loop. */
  #look(): Seen | Promise<Seen> {
    return this.#known() ?? this.#readNext();
  }

  /**
   * What the last look found, if the file has not changed since. The system is asked once in a turn of the event loop:
   * each request needs the content more than once.
   */
  #known(): Seen | undefined {
    const seen = this.#seen;
    if (seen?.version === undefined) return undefined;
    if (seen === this.#confirmed) return seen;
    if (!isOfVersion(this.path, seen.version)) return undefined;
    this.#confirmed = seen;
    setImmediate(() => {
      this.#confirmed = undefined;
    });
    return seen;
  }

  /** Looks that read the file run one after the other, so that many requests at once read it once. */
  #readNext(): Promise<Seen> {
    const look = this.#looked.then(() => this.#known() ?? this.#readFile());
    this.#looked = look.catch(() => {});
    return look;
  }

  async #readFile(): Promise<Seen> {
    const began = Date.now();
    try {
      // Looks at the type before opening: to open a device may have effects, and a socket cannot be opened.
      await statFile(this.path);
      const whole = await this.#readWhole();
      // Keeps what was read last. Its version is older, so the next call reads again.
      if (whole === undefined) return this.#seen ?? this.#readFile();
      const { text, stats: read } = whole;
      const version = began - Number(read.ctimeMs) > TICK ? versionOf(read) : undefined;
      const known = this.#seen?.snapshot;
      const snapshot = known?.text === text ? known : await snapshotOf(this.path, text, this.#checks);
      return this.#take({ version, snapshot });
    } catch (error) {
      if (!(error instanceof ConfigurationFault)) throw error;
      const judged =
        error.code === 'CONFIG_MISSING' && this.#content !== undefined ? this.#gone(error) : error;
      return this.#take({ snapshot: { text: undefined, files: [], judged } });
    }
  }

  /** A running server keeps the content of the file; a default configuration in its place would have no users. */
  #gone(cause: ConfigurationFault): ConfigurationFault {
    const message = `${this.path}: the file is gone; put it back from a backup`;
    return new ConfigurationFault('CONFIG_MISSING', message, { cause });
  }

  /**
   * Reads the file when it seems to be written completely. Many editors write into the file itself, and half of a
   * configuration may be valid, with half of the users. So a new text is taken only when the file has rested. A known
   * text is taken at once, and so is the first one, because it replaces nothing. Undefined for a file that was emptied
   * not long ago and is still empty.
   */
  async #readWhole(): Promise<ReadText | undefined> {
    for (const began = Date.now(); ; await setTimeout(REST)) {
      const read = await readText(this.path);
      if (this.#seen === undefined || read.text === this.#seen.snapshot.text) return read;
      // Asked again after the text was read: an editor may have begun to write after `read.stats` was taken.
      const stats = await statFile(this.path);
      const now = Date.now();
      const rested = now - Number(stats.mtimeMs);
      if (read.text !== '') {
        if (rested > REST || now - began > RESTLESS) return read;
        continue;
      }
      if (rested > REST_OF_EMPTY) return read;
      if (versionOf(stats) === this.#emptied) return undefined;
      if (now - began > PATIENCE_WITH_EMPTY) {
        this.#emptied = versionOf(stats);
        return undefined;
      }
    }
  }

  /** @param isOwn whether this process made all that is new */
  #take(seen: Seen, isOwn = false): Seen {
    const { judged } = seen.snapshot;
    if (!(judged instanceof ConfigurationFault)) {
      if (this.#base === undefined || (isOwn && this.#base === this.#content)) this.#base = judged;
      this.#content = judged;
    }
    this.#seen = seen;
    return seen;
  }
}
