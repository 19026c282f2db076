import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningProcess } from './run-process.ts';
import { startProgram } from './run-program.ts';
import { tempFolder } from './temp-folder.ts';
import { until } from './until.ts';

/** `dynonym serve` with a configuration that a test wrote. */
export class ServedProgram {
  readonly folder: string;
  readonly process: RunningProcess;
  /** URLs of its sockets, in the order in which it said that it listens there. */
  readonly urls: readonly string[];

  private constructor(folder: string, process: RunningProcess, urls: readonly string[]) {
    this.folder = folder;
    this.process = process;
    this.urls = urls;
  }

  /** Resolves when it listens on so many sockets. */
  static async start(configuration: string, sockets = 1): Promise<ServedProgram> {
    const folder = tempFolder();
    writeFileSync(join(folder, 'dynonym.toml'), configuration);
    const process = startProgram(['serve'], { cwd: folder });
    const urls = await until(
      () => {
        const lists = [...process.stderr.matchAll(/"addresses":(\["http[^\]]*\])/g)];
        const found: string[] = lists.flatMap(([, list = '[]']) => JSON.parse(list));
        return found.length === sockets && found;
      },
      { what: `${sockets} sockets` },
    );
    return new ServedProgram(folder, process, urls);
  }

  async stop(): Promise<void> {
    this.process.kill('SIGTERM');
    assert.equal((await this.process.end()).status, 0);
  }
}
