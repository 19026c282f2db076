import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { NameTurns } from '../../../../src/application/update/name-turns.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import { fuzzRuns } from '../../../support/fuzz-runs.ts';

/** Callers that ask for names, and who holds them. */
function setUp() {
  const turns = new NameTurns();
  /** Callers in the order in which they got their turns. */
  const got: string[] = [];
  const releases = new Map<string, () => void>();
  const ask = (caller: string, ...names: readonly string[]) => {
    void turns.take(names.map(domainName)).then((release) => {
      got.push(caller);
      releases.set(caller, release);
    });
  };
  const end = async (caller: string) => {
    const release = releases.get(caller);
    assert.ok(release, `${caller} holds its names`);
    release();
    await setImmediate();
  };
  return { got, ask, end };
}

describe('a turn', () => {
  it('at a free name comes at once', async () => {
    const { got, ask } = setUp();
    ask('first', 'a.example.org');
    ask('second', 'b.example.org');
    await setImmediate();
    assert.deepEqual(got, ['first', 'second']);
  });

  it('at a name that is held comes when it is given back, in the order of asking', async () => {
    const { got, ask, end } = setUp();
    for (const caller of ['first', 'second', 'third']) ask(caller, 'a.example.org');
    await setImmediate();
    assert.deepEqual(got, ['first']);
    await end('first');
    assert.deepEqual(got, ['first', 'second']);
    await end('second');
    assert.deepEqual(got, ['first', 'second', 'third']);
  });

  it('that is asked for after another one ended comes behind those that wait already', async () => {
    const { got, ask, end } = setUp();
    for (const caller of ['first', 'second']) ask(caller, 'a.example.org');
    await setImmediate();
    await end('first');
    ask('third', 'a.example.org');
    await setImmediate();
    assert.deepEqual(got, ['first', 'second']);
    await end('second');
    assert.deepEqual(got, ['first', 'second', 'third']);
  });

  it('at several names comes when the last of them is free', async () => {
    const { got, ask, end } = setUp();
    ask('a', 'a.example.org');
    ask('b', 'b.example.org');
    ask('both', 'a.example.org', 'b.example.org');
    await setImmediate();
    await end('b');
    assert.deepEqual(got, ['a', 'b']);
    await end('a');
    assert.deepEqual(got, ['a', 'b', 'both']);
  });

  it('at a name that is asked for twice in one go does not wait for itself', async () => {
    const { got, ask, end } = setUp();
    ask('first', 'a.example.org', 'a.example.org');
    ask('second', 'a.example.org');
    await setImmediate();
    assert.deepEqual(got, ['first']);
    await end('first');
    assert.deepEqual(got, ['first', 'second']);
  });

  it('at no name comes at once', async () => {
    const { got, ask } = setUp();
    ask('nobody');
    await setImmediate();
    assert.deepEqual(got, ['nobody']);
  });

  it('that is given back twice ends no other turn', async () => {
    const { got, ask, end } = setUp();
    for (const caller of ['first', 'second', 'third']) ask(caller, 'a.example.org');
    await setImmediate();
    await end('first');
    await end('first');
    assert.deepEqual(got, ['first', 'second']);
  });

  it('comes to everybody, never to two at one name, and in the order of asking, whatever they ask for', async () => {
    const names = fc.subarray(['a', 'b', 'c', 'd']);
    /** Somebody asks for names, or one of those who hold some gives them back. */
    const steps = fc.array(fc.oneof(names, fc.nat()), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(steps, async (steps) => {
        const turns = new NameTurns();
        const asked: (readonly string[])[] = [];
        const got: number[] = [];
        const holders: { readonly caller: number; readonly release: () => void }[] = [];
        const namesOf = (caller: number) => asked[caller] ?? [];

        const ask = (names: readonly string[]) => {
          const caller = asked.push(names) - 1;
          void turns.take(names.map(domainName)).then((release) => {
            holders.push({ caller, release });
            got.push(caller);
          });
        };
        const giveBack = (choice: number) => {
          const [chosen] = holders.splice(choice % Math.max(1, holders.length), 1);
          chosen?.release();
        };
        const settle = async () => {
          await setImmediate();
          const held = holders.flatMap(({ caller }) => namesOf(caller));
          assert.equal(new Set(held).size, held.length, 'no name is held twice');
        };

        for (const step of steps) {
          if (typeof step === 'number') giveBack(step);
          else ask(step);
          await settle();
        }
        while (holders.length > 0) {
          giveBack(0);
          await settle();
        }
        assert.equal(got.length, asked.length, 'nobody waits for ever');
        for (const name of ['a', 'b', 'c', 'd']) {
          const order = got.filter((caller) => namesOf(caller).includes(name));
          assert.deepEqual(
            order,
            order.toSorted((one, other) => one - other),
          );
        }
      }),
      { numRuns: fuzzRuns(200) },
    );
  });
});
