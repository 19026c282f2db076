import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { NameTurns } from '../../../../src/application/turns/name-turns.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import { fuzzRuns } from '../../../support/fuzz-runs.ts';

/** Pieces of work that end when the test says so. */
function setUp() {
  const turns = new NameTurns();
  /** Who had a turn, in that order. */
  const started: string[] = [];
  const ends = new Map<string, (failure?: Error) => void>();
  const ask = (caller: string, name: string): Promise<string> =>
    turns.run(domainName(name), () => {
      started.push(caller);
      return new Promise((resolve, reject) => {
        ends.set(caller, (failure) => (failure === undefined ? resolve(caller) : reject(failure)));
      });
    });
  const end = async (caller: string, failure?: Error) => {
    const settle = ends.get(caller);
    assert.ok(settle, `${caller} has a turn`);
    settle(failure);
    await setImmediate();
  };
  return { started, ask, end };
}

describe('a turn', () => {
  it('at a name that is free comes at once, whoever has other names', () => {
    const { started, ask } = setUp();
    void ask('first', 'a.example.org');
    void ask('second', 'b.example.org');
    assert.deepEqual(started, ['first', 'second']);
  });

  it('at a name that is taken comes in the order of asking', async () => {
    const { started, ask, end } = setUp();
    const all = ['first', 'second', 'third'].map((caller) => ask(caller, 'a.example.org'));
    assert.deepEqual(started, ['first']);
    await end('first');
    assert.deepEqual(started, ['first', 'second']);
    await end('second');
    await end('third');
    assert.deepEqual(await Promise.all(all), ['first', 'second', 'third']);
  });

  it('that is asked for after another one ended comes behind those that wait already', async () => {
    const { started, ask, end } = setUp();
    for (const caller of ['first', 'second']) void ask(caller, 'a.example.org');
    await end('first');
    void ask('third', 'a.example.org');
    assert.deepEqual(started, ['first', 'second']);
    await end('second');
    assert.deepEqual(started, ['first', 'second', 'third']);
  });

  it('comes also when the work before it has failed, of which its own caller hears', async () => {
    const { started, ask, end } = setUp();
    const failing = assert.rejects(ask('first', 'a.example.org'), /a defect/);
    void ask('second', 'a.example.org');
    await end('first', new Error('a defect'));
    await failing;
    assert.deepEqual(started, ['first', 'second']);
  });

  it('comes to every caller, at one name to one at a time, whatever is asked for and ended', async () => {
    const step = fc.oneof(fc.constantFrom('a', 'b', 'c'), fc.nat());
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const { started, ask, end } = setUp();
        const asked: string[] = [];
        const running = new Set<string>();
        const endOne = async (choice: number) => {
          const caller = [...running][choice % Math.max(1, running.size)];
          if (caller === undefined) return;
          running.delete(caller);
          await end(caller);
        };
        let seen = 0;
        const look = () => {
          for (; seen < started.length; seen += 1) running.add(started[seen] ?? '');
          const names = [...running].map((caller) => caller.split(' ')[0]);
          assert.equal(new Set(names).size, names.length, 'one at a time');
        };
        for (const [index, one] of steps.entries()) {
          if (typeof one === 'number') await endOne(one);
          else {
            asked.push(`${one} ${index}`);
            void ask(`${one} ${index}`, `${one}.example.org`);
          }
          look();
        }
        while (running.size > 0) {
          await endOne(0);
          look();
        }
        for (const name of ['a', 'b', 'c']) {
          const ofName = (callers: readonly string[]) => callers.filter((caller) => caller.startsWith(name));
          assert.deepEqual(ofName(started), ofName(asked));
        }
      }),
      { numRuns: fuzzRuns(200) },
    );
  });
});
