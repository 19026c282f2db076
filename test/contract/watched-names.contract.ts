import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { History } from '../../src/application/ports/history.ts';
import type { HostStore } from '../../src/application/ports/host-store.ts';
import type { UserStore } from '../../src/application/ports/user-store.ts';
import type { WatchedNames } from '../../src/application/ports/watched-names.ts';
import { type DomainName, domainName } from '../../src/domain/domain-name.ts';
import type { User, UserName } from '../../src/domain/user.ts';
import { report } from '../support/events.ts';
import { userNamed } from '../support/fixtures.ts';

/** The names of these stores. The history tells what is reported. */
export type WatchedNamesSubject = {
  readonly watched: WatchedNames;
  readonly users: Pick<UserStore, 'addAll' | 'grant' | 'revoke' | 'remove'>;
  readonly hosts: Pick<HostStore, 'change' | 'clear'>;
  readonly history: Pick<History, 'tell' | 'states'>;
};

const HOME = domainName('home.example.org');
const CAM = domainName('cam.example.org');
const NAS = domainName('nas.example.org');
const ALICE = 'alice' as UserName;
const BOB = 'bob' as UserName;
/** A user with a password hash of the right form. */
const user = (name: string, domains: readonly string[], more: Partial<User> = {}): User =>
  userNamed(name, domains, { passwordHash: `$2b$10$${'a'.repeat(53)}`, ...more });

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** What every WatchedNames keeps to. `open` makes one without names. */
export function watchedNamesContract(name: string, open: () => Promise<WatchedNamesSubject>): void {
  async function setUp() {
    const subject = await open();
    const { watched, users } = subject;
    await users.addAll([
      user('alice', [HOME], { expect: HOUR }),
      user('bob', [], { offlineAfter: 30 * MINUTE }),
      user('carol', [CAM]),
    ]);
    let now = 0;
    /** Names that are due a moment later, with what is expected of them. */
    const due = async (at = now + 1) => {
      now = at;
      const names = (await watched.due(now, 10)).toSorted((one, other) => one.name.localeCompare(other.name));
      return names.map((each) => [each.name, each.expectation.expect, each.expectation.offlineAfter]);
    };
    return {
      ...subject,
      due,
      /** Looks at all that are due, and puts them back for later. */
      async look(later = 10 * HOUR) {
        const names = await watched.due(now, 10);
        await watched.putBack(names.map(({ name, seen }) => ({ name, seen, due: now + later })));
      },
      async put(name: DomainName, at: number, silent?: 'told') {
        const seen = { reportedAt: 1, heard: 5, silent };
        await watched.putBack([{ name, seen, due: at }]);
      },
    };
  }

  describe(`${name} as names that are watched`, () => {
    it('gives those that are expected, until they are put back', async () => {
      const { due, look } = await setUp();
      for (let time = 0; time < 2; time += 1) assert.deepEqual(await due(), [[HOME, HOUR, undefined]]);
      await look();
      assert.deepEqual(await due(), []);
    });

    it('gives one again when its time has come, with what was seen of it', async () => {
      const { due, put, watched } = await setUp();
      await due();
      await put(HOME, MINUTE);
      assert.deepEqual(await due(MINUTE - 1), []);
      assert.deepEqual(await due(MINUTE), [[HOME, HOUR, undefined]]);
      const [home] = await watched.due(MINUTE, 10);
      assert.equal(home?.seen?.reportedAt, 1);
      assert.ok(Math.abs((home?.seen?.heard ?? 0) - 5) <= 1);
      assert.equal(home?.seen?.silent, undefined);
    });

    it('gives no more than are asked for, and goes on with the others', async () => {
      const { watched, users } = await setUp();
      const domains = Array.from({ length: 5 }, (_, number) => `h${number}.example.org`);
      await users.addAll([user('dave', domains, { expect: HOUR })]);
      const given: number[] = [];
      for (;;) {
        const names = await watched.due(1, 4);
        if (names.length === 0) break;
        given.push(names.length);
        await watched.putBack(names.map(({ name, seen }) => ({ name, seen, due: HOUR })));
      }
      assert.deepEqual(given, [4, 2]);
    });

    const begins: Record<string, (subject: WatchedNamesSubject) => Promise<unknown>> = {
      'is granted': ({ users }) => users.grant(ALICE, NAS),
      'comes with a user': ({ users }) => users.addAll([user('dave', [NAS], { expect: HOUR })]),
      'gets a setting of its own': ({ hosts }) => hosts.change(NAS, { expect: HOUR }),
    };
    for (const [what, begin] of Object.entries(begins)) {
      it(`gives a name that ${what} at once`, async () => {
        const subject = await setUp();
        const { due, look } = subject;
        await due();
        await look();
        await begin(subject);
        assert.deepEqual(await due(), [[NAS, HOUR, undefined]]);
      });
    }

    it('gives a name at once whose expectation becomes another one, with what was seen of it', async () => {
      const { due, put, look, users, hosts, watched } = await setUp();
      await due();
      await put(HOME, 10 * HOUR);
      await users.grant(BOB, HOME);
      assert.deepEqual(await due(), [[HOME, 30 * MINUTE, 30 * MINUTE]]);
      await look();
      await hosts.change(HOME, { expect: 2 * HOUR });
      assert.deepEqual(await due(), [[HOME, 2 * HOUR, 30 * MINUTE]]);
      await look();
      await hosts.change(HOME, { offlineAfter: 3 * HOUR });
      assert.deepEqual(await due(), [[HOME, 2 * HOUR, 3 * HOUR]]);
      await look();
      await hosts.clear(HOME);
      assert.deepEqual(await due(), [[HOME, 30 * MINUTE, 30 * MINUTE]]);
      await look();
      await users.revoke(BOB, HOME);
      assert.deepEqual(await due(), [[HOME, HOUR, undefined]]);
      assert.equal((await watched.due(100, 10))[0]?.seen?.reportedAt, 1);
    });

    it('leaves a name due that came to be due at once during a look', async () => {
      const { due, put, hosts } = await setUp();
      await due();
      await hosts.change(HOME, { expect: 2 * MINUTE });
      await put(HOME, 10 * HOUR);
      assert.deepEqual(await due(), [[HOME, 2 * MINUTE, undefined]]);
    });

    it('gives no name that nobody expects any more', async () => {
      const { due, users } = await setUp();
      await users.remove(ALICE);
      assert.deepEqual(await due(), []);
      assert.deepEqual(await due(100 * HOUR), []);
    });

    it('gives a silent name when it is reported, and counts those that are silent', async () => {
      const { due, put, watched, history } = await setUp();
      history.tell(report({ at: 1, name: HOME }));
      history.tell({ kind: 'silent', at: 2, name: HOME, since: 1, expected: HOUR });
      await history.states([HOME]);
      await due();
      await put(HOME, 10 * HOUR, 'told');
      assert.equal(await watched.silent(), 1);
      history.tell(report({ at: 3, name: HOME }));
      await history.states([HOME]);
      assert.deepEqual(await due(), [[HOME, HOUR, undefined]]);
      assert.equal((await watched.due(100, 10))[0]?.seen?.silent, 'told');
      await put(HOME, 10 * HOUR);
      assert.equal(await watched.silent(), 0);
      assert.deepEqual(await due(), []);
    });
  });
}
