import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { fuzzRuns } from '../support/fuzz-runs.ts';
import type { FromContender, ToContender } from '../support/lock-contender.ts';
import { spawnGuarded } from '../support/run-process.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { HANG } from '../support/until.ts';

const PROGRAM = fileURLToPath(new URL('../support/lock-contender.ts', import.meta.url));

const ROUNDS = fuzzRuns(9, 30);

/** Another process that wants the lock. */
class Contender {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(path: string): Promise<Contender> {
    const child = spawnGuarded(process.execPath, ['--import', 'tsx', PROGRAM, path], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const contender = new Contender(child);
    assert.equal(await contender.#answer(), 'ready');
    return contender;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  ask(command: ToContender): Promise<FromContender> {
    const answer = this.#answer();
    this.#child.send(command);
    return answer;
  }

  async kill(): Promise<void> {
    const exit = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exit;
  }

  async end(): Promise<void> {
    const exit = once(this.#child, 'exit');
    this.#child.disconnect();
    await exit;
  }

  async #answer(): Promise<FromContender> {
    const [message] = await once(this.#child, 'message', { signal: AbortSignal.timeout(HANG) });
    return message;
  }
}

/** Has all of them try at once. Gives those that acquired the lock, with the dead process they had it from. */
async function tryAll(contenders: readonly Contender[]) {
  const answers = await Promise.all(contenders.map((contender) => contender.ask('acquire')));
  return contenders.flatMap((contender, index) => {
    const answer = answers[index];
    assert.ok(typeof answer === 'object');
    if (answer.kind === 'acquired') return [{ contender, takenOverFrom: answer.takenOverFrom }];
    assert.notEqual(answer.by, contender.pid);
    return [];
  });
}

describe('a lock that eight processes want', () => {
  it('goes to exactly one of them each time, be it free, released just now, or of one that was killed', async () => {
    const path = join(tempFolder(), 'dynonym.lock');
    let contenders = await Promise.all(Array.from({ length: 8 }, () => Contender.start(path)));
    /** Who held the lock when it was killed. */
    let killed: number | undefined;

    for (let round = 0; round < ROUNDS; round += 1) {
      const winners = await tryAll(contenders);
      assert.equal(winners.length, 1, `round ${round}`);
      const [winner] = winners;
      assert.ok(winner !== undefined);
      assert.equal(winner.takenOverFrom, killed);
      assert.equal(readFileSync(path, 'utf8'), `${winner.contender.pid}\n`);
      // The lock and its second name: those that lost have left nothing.
      const [, second = '', ...more] = readdirSync(dirname(path)).sort();
      assert.ok(second.startsWith(`dynonym.lock.${winner.contender.pid}.`), second);
      assert.deepEqual(more, []);
      killed = undefined;

      const others = contenders.filter((contender) => contender !== winner.contender);
      if (round % 3 === 0) {
        await winner.contender.kill();
        killed = winner.contender.pid;
        contenders = [...others, await Contender.start(path)];
      } else if (round % 3 === 1) {
        await winner.contender.ask('release');
      } else {
        const [late] = await Promise.all([tryAll(others), winner.contender.ask('release')]);
        assert.ok(late.length <= 1);
        assert.equal(existsSync(path), late.length === 1);
        for (const { contender } of late) await contender.ask('release');
      }
    }
    await Promise.all(contenders.map((contender) => contender.end()));
  });
});
