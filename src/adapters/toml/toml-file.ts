import type { BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type Logger, noLogger } from '../../application/ports/logger.ts';
import { removeLeftovers, writeAtomically } from './atomic-write.ts';
import { ConfigurationFault, type ConfigurationProblem, faultOfProblems } from './configuration-fault.ts';
import type { Content } from './content.ts';
import { holding } from './file-mutex.ts';
import {
  digestOf,
  isMissing,
  type ReadText,
  readFault,
  readText,
  targetOf,
  versionOf,
  writeFault,
} from './file-system.ts';
import { namedFiles } from './named-files.ts';
import { Shared } from './shared.ts';
import { type Judgement, judgeTable, readTable, type Snapshot, snapshotOf } from './snapshot.ts';
import { pathText, SourceLines } from './source-lines.ts';
import { patchToml } from './toml-patch.ts';
import type { TomlTable } from './toml-reader.ts';

/** How long a change waits for those of others, in milliseconds. */
const PATIENCE = 10_000;
/** Changes within one tick of the clock of the file system may leave the same times; no tick is longer. */
const TICK = 100;

/** A text, and what it means. */
type Written = { readonly text: string; readonly table: TomlTable };

/** What was seen at the last look: a version of the file, or why there was none. */
type Seen = {
  /** Not there when the next look has to read the file again, because its times may not have told. */
  readonly version?: string | undefined;
  readonly digest?: string;
  readonly found: Snapshot | ConfigurationFault;
};

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
  readonly #logger: Logger;
  readonly #look = new Shared(() => this.#lookAtFile());
  #seen: Seen | undefined;
  /** The newest content without problems. */
  #content: Content | undefined;
  /** The complaint that was logged last, so that it is said once. */
  #complaint: string | undefined;
  /** The last edit of this process; the next one waits for it. */
  #edited: Promise<unknown> = Promise.resolve();

  constructor(path: string, logger: Logger = noLogger) {
    this.path = path;
    this.#logger = logger;
  }

  /**
   * What the file says now. When it was changed into something that cannot be used, what it said before goes
   * on holding, and the problems are logged. Rejects with a ConfigurationFault if nothing holds yet.
   */
  async content(): Promise<Content> {
    const { found } = await this.#look.run();
    if (this.#content !== undefined) return this.#content;
    if (found instanceof ConfigurationFault) throw found;
    return this.#contentOf(found.judgement);
  }

  /** The newest version, with its problems. Rejects with a ConfigurationFault if it cannot be read. */
  async snapshot(): Promise<Snapshot> {
    const { found } = await this.#look.run();
    if (found instanceof ConfigurationFault) throw found;
    return found;
  }

  /**
   * Changes the file as `plan` says. Nobody else changes it between the moment that `plan` sees and the end,
   * and when the promise resolves, the change is on the disk. Rejects with a ConfigurationFault, and nothing
   * was changed, if the file cannot be changed or the result would not be a right configuration.
   */
  async edit<Outcome>(plan: Plan<Outcome>): Promise<Outcome> {
    // A lock in place of a file that is not there would mean nothing to whoever finds it.
    await stat(this.path).catch((error) => {
      throw readFault(this.path, error);
    });
    return this.#alone(async (target) => {
      for (;;) {
        const old = await readText(this.path);
        const { next, outcome } = this.#planned(old, plan);
        if (next === undefined) return outcome;
        // Somebody with an editor, who knows of no lock, was faster: once more, with what they wrote.
        if (versionOf(await stat(target, { bigint: true })) !== versionOf(old.stats)) continue;
        await this.#write(target, next, old.stats);
        return outcome;
      }
    });
  }

  /** Writes a whole text in place of the old one, if there may be one. */
  create(text: string, { overwrite }: { readonly overwrite: boolean }): Promise<'created' | 'exists'> {
    return this.#alone(async (target) => {
      const stats = await stat(target, { bigint: true }).catch((error) => {
        if (!isMissing(error)) throw error;
      });
      if (stats !== undefined && !overwrite) return 'exists';
      const reading = readTable(text);
      if (!reading.ok) throw this.#invalid(reading.problems);
      await this.#write(target, { text, table: reading.table }, stats || undefined);
      return 'created';
    });
  }

  #planned<Outcome>(
    { text }: ReadText,
    plan: Plan<Outcome>,
  ): { next: Written | undefined; outcome: Outcome } {
    const reading = readTable(text);
    if (!reading.ok) throw this.#invalid(reading.problems);
    const { next, outcome } = plan(reading.table, () => this.#contentOf(judgeTable(text, reading.table)));
    if (next === undefined) return { next, outcome };

    const patch = patchToml(text, reading.table, next);
    if (patch.ok) return { next: patch.text === text ? undefined : patch, outcome };
    const message = `this cannot be changed safely in the form in which it is written (${patch.reason}); change it by hand`;
    const line = new SourceLines(text).lineOf(patch.path);
    throw faultOfProblems('CONFIG_EDIT_REFUSED', this.path, [{ key: pathText(patch.path), line, message }]);
  }

  async #write(target: string, { text, table }: Written, stats: BigIntStats | undefined): Promise<void> {
    const judgement = judgeTable(text, table);
    if (!judgement.ok) throw this.#invalid(judgement.problems);
    await removeLeftovers(target);
    await writeAtomically(target, text, stats);
    // Known already when the next look finds it.
    this.#take({ digest: digestOf(text), found: { text, judgement, files: namedFiles(table) } });
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

  async #lookAtFile(): Promise<Seen> {
    const began = Date.now();
    try {
      const stats = await stat(this.path, { bigint: true });
      if (this.#seen?.version === versionOf(stats)) return this.#seen;
      const { text, digest, stats: read } = await readText(this.path);
      const version = began - Number(read.ctimeMs) > TICK ? versionOf(read) : undefined;
      const found = digest === this.#seen?.digest ? this.#seen.found : snapshotOf(text);
      return this.#take({ version, digest, found });
    } catch (error) {
      return this.#take({ found: error instanceof ConfigurationFault ? error : readFault(this.path, error) });
    }
  }

  #take(seen: Seen): Seen {
    const { found } = seen;
    const isNew = found !== this.#seen?.found;
    this.#seen = seen;
    const judgement = found instanceof ConfigurationFault ? undefined : found.judgement;
    if (judgement?.ok) {
      if (isNew && this.#content !== undefined) {
        this.#logger.info('The configuration has changed', { file: this.path });
      }
      this.#content = judgement.content;
      this.#complaint = undefined;
    } else if (this.#content !== undefined) {
      this.#complain(
        judgement === undefined ? (found as ConfigurationFault) : this.#invalid(judgement.problems),
      );
    }
    return seen;
  }

  #complain({ message }: ConfigurationFault): void {
    if (message === this.#complaint) return;
    this.#complaint = message;
    this.#logger.error(
      'The configuration has changed and cannot be used; what it said before stays in force',
      {
        file: this.path,
        problems: message.split('\n'),
      },
    );
  }

  #contentOf(judgement: Judgement): Content {
    if (judgement.ok) return judgement.content;
    throw this.#invalid(judgement.problems);
  }

  #invalid(problems: readonly ConfigurationProblem[]): ConfigurationFault {
    return faultOfProblems('CONFIG_INVALID', this.path, problems);
  }
}
