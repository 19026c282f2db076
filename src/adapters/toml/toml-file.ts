import { stat } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { valid } from '../../domain/errors.ts';
import { holding } from '../files/hold-lock.ts';
import { replaceFile } from '../files/replace-file.ts';
import { isMissing } from '../files/system-error.ts';
import { ConfigurationFault, faultOfProblems } from './configuration-fault.ts';
import { Content } from './content.ts';
import {
  assertRegular,
  digestOf,
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
import { contentIn, problemsAt, readingOf, type Snapshot, snapshotOf } from './snapshot.ts';
import { patchToml } from './toml-patch.ts';
import { readToml } from './toml-reader.ts';
import type { TomlTable } from './toml-value.ts';

/** How long a change waits for those of others, in milliseconds. */
const PATIENCE = 10_000;
/** How often a change is made anew because somebody changed the file meanwhile who knows of no lock. */
const ATTEMPTS = 10;
/** Changes within one tick of the clock of the file system may leave the same times; no tick is longer. */
const TICK = 100;
/** Who writes into a file that is read meanwhile has written all of it when it rests for so long. */
const REST = 50;
/**
 * An empty file is mostly one that somebody is about to write. Where the disk is busy, seconds may pass between the
 * moment when an editor has emptied it and the first word.
 */
const REST_OF_EMPTY = 10_000;
/** For so long a look waits for that word. */
const PATIENCE_WITH_EMPTY = 1_000;
/** For so long a file may change all the time before it is taken as it is. */
const RESTLESS = 2_000;

/** What was there at the last look. */
type Seen = {
  /** Without it, the next look reads the file again: its times may not have told all. */
  readonly version?: string | undefined;
  /** Without it, the file could not be read. */
  readonly digest?: string;
  readonly snapshot: Snapshot;
};

/** A text, and what it means. */
type Written = { readonly text: string; readonly table: TomlTable };

/** What an edit sees, and what it makes of that. */
export type Plan<Outcome> = (
  table: TomlTable,
  /** What the table says. Throws a ConfigurationFault when it has problems. */
  content: () => Content,
) => {
  /** What the document shall mean; without it, nothing is written. */
  readonly next?: TomlTable;
  readonly outcome: Outcome;
};

/**
 * One configuration file, which other processes and people with editors read and write at the same time. The
 * stores on a file share one of these.
 */
export class TomlFile {
  readonly path: string;
  readonly #checks: ValueChecks;
  #seen: Seen | undefined;
  /** The last look that had to read the file; the next one waits for it, and then mostly has nothing to read. */
  #looked: Promise<unknown> = Promise.resolve();
  /** The version of an empty file for whose first word a look has waited already. */
  #emptied: string | undefined;
  /** The newest content without problems. */
  #content: Content | undefined;
  /** The last edit of this process; the next one waits for it. */
  #edited: Promise<unknown> = Promise.resolve();

  /** @param checks what others know of values; without them, every value of the right form will do. */
  constructor(path: string, checks: ValueChecks = { recognises: () => true, parseRoute: valid }) {
    this.path = path;
    this.#checks = checks;
  }

  /**
   * What the file says now. When it was changed into something that cannot be used, what it said before goes
   * on holding; `snapshot` has the problems. Rejects with a ConfigurationFault if nothing holds yet.
   */
  async content(): Promise<Content> {
    const { snapshot } = await this.#look();
    if (this.#content !== undefined) return this.#content;
    throw snapshot.judged;
  }

  /** The newest version, also when it cannot be used. */
  async snapshot(): Promise<Snapshot> {
    return (await this.#look()).snapshot;
  }

  /**
   * Changes the file as `plan` says. Nobody else changes it between the moment that `plan` sees and the end,
   * and when the promise resolves, the change is on the disk. Rejects with a ConfigurationFault, and nothing
   * was changed, if the file cannot be changed or the result would not be a right configuration.
   */
  async edit<Outcome>(plan: Plan<Outcome>): Promise<Outcome> {
    // A lock beside a file that is not there would mean nothing to whoever finds it.
    await statFile(this.path);
    return this.#alone(async (target) => {
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        const { text, stats } = await readText(target, this.path);
        const { next, outcome } = this.#planned(text, plan);
        if (next === undefined) return outcome;
        // Somebody with an editor may have been faster: once more, with what they wrote.
        if (versionOf(await stat(target, { bigint: true })) !== versionOf(stats)) continue;
        await this.#write(target, next);
        return outcome;
      }
      throw new ConfigurationFault('CONFIG_BUSY', `${this.path}: something changes it all the time`);
    });
  }

  /** Writes a whole text, in place of the old one if it may. */
  async create(text: string, { overwrite }: { readonly overwrite: boolean }): Promise<'created' | 'exists'> {
    // As above: and a device shall stay one.
    const present = await stat(this.path).catch(() => undefined);
    if (present !== undefined) assertRegular(present, this.path, 'CONFIG_UNWRITABLE');
    return this.#alone(async (target) => {
      const stats = await stat(target, { bigint: true }).catch((error) => {
        if (isMissing(error)) return undefined;
        throw error;
      });
      if (stats !== undefined && !overwrite) return 'exists';
      await this.#write(target, { text, table: this.#tableIn(text) });
      return 'created';
    });
  }

  #tableIn(text: string): TomlTable {
    return readingOf(this.path, text, () => readToml(text));
  }

  #planned<Outcome>(text: string, plan: Plan<Outcome>): { next: Written | undefined; outcome: Outcome } {
    const table = this.#tableIn(text);
    const { next, outcome } = plan(table, () => contentIn(this.path, text, table, this.#checks));
    if (next === undefined) return { next, outcome };
    const patch = patchToml(text, table, next);
    if (patch.ok) return { next: patch.text === text ? undefined : patch, outcome };
    const problems = problemsAt(text, [{ path: patch.path, message: patch.reason }]);
    throw faultOfProblems('CONFIG_EDIT_REFUSED', this.path, problems);
  }

  async #write(target: string, { text, table }: Written): Promise<void> {
    const judged = contentIn(this.path, text, table, this.#checks);
    // Without an old one, only its owner may read it.
    await replaceFile(target, [text], { mode: 0o600, onlyWriter: true });
    // The next look finds the text that it knows already.
    this.#take({ digest: digestOf(text), snapshot: { text, files: namedFiles(table), judged } });
  }

  /** Runs `action` while nobody else, in this process or another, changes the file. */
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

  /** The newest version. A call sees every change that was acknowledged before it. */
  async #look(): Promise<Seen> {
    return this.#known() ?? this.#readNext();
  }

  /** What was seen last, if the file is still the same. */
  #known(): Seen | undefined {
    const seen = this.#seen;
    return seen?.version !== undefined && isOfVersion(this.path, seen.version) ? seen : undefined;
  }

  /** One after the other: what many wait for is read once. */
  #readNext(): Promise<Seen> {
    const look = this.#looked.then(() => this.#known() ?? this.#readFile());
    this.#looked = look.catch(() => {});
    return look;
  }

  async #readFile(): Promise<Seen> {
    const began = Date.now();
    try {
      // Before anything is opened: to open a device may do something, and a socket cannot be opened.
      await statFile(this.path);
      const whole = await this.#readWhole();
      // What is known has an older version, so that the next look reads again.
      if (whole === undefined) return this.#seen ?? this.#readFile();
      const { text, digest, stats: read } = whole;
      const version = began - Number(read.ctimeMs) > TICK ? versionOf(read) : undefined;
      const seen = this.#seen;
      const snapshot =
        seen?.digest === digest ? seen.snapshot : await snapshotOf(this.path, text, this.#checks);
      return this.#take({ version, digest, snapshot });
    } catch (error) {
      if (!(error instanceof ConfigurationFault)) throw error;
      return this.#take({ snapshot: { text: '', files: [], judged: error } });
    }
  }

  /**
   * The file, when it does not look as if somebody is still writing it: half of a configuration may well be a right
   * one, with half of the users. Editors write into the file itself, or into a new one in its place. So only a text
   * that is known already is taken at once, and the first text, because nothing is lost by it. Undefined for a file
   * that was emptied not long ago and stays so.
   */
  async #readWhole(): Promise<ReadText | undefined> {
    for (const began = Date.now(); ; await setTimeout(REST)) {
      const read = await readText(this.path);
      if (this.#seen === undefined || read.digest === this.#seen.digest) return read;
      // Asked after the text was read: somebody may have begun to write after `read.stats` was taken.
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

  #take(seen: Seen): Seen {
    const { judged } = seen.snapshot;
    if (judged instanceof Content) this.#content = judged;
    this.#seen = seen;
    return seen;
  }
}
