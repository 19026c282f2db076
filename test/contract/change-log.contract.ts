import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ChangeLog, LoggedChange } from '../../src/application/ports/change-log.ts';
import { domainName } from '../../src/domain/domain-name.ts';
import { parseUserName, type UserName } from '../../src/domain/user.ts';
import { valueIn } from '../support/parsed.ts';

export type OpenChangeLog = {
  readonly log: ChangeLog;
  /** Another one on the same store. Both may be the same. */
  readonly other: ChangeLog;
  /** Changes something in the store by the process of `log`. Resolves when it is acknowledged. */
  write(change: LoggedChange): Promise<void>;
  /** Puts the store back to an earlier state, in which other changes come then. */
  putBack(): Promise<void>;
};

/** What every ChangeLog keeps to. */
export function changeLogContract(name: string, open: () => Promise<OpenChangeLog>): void {
  describe(`${name} as a change log`, () => {
    it('tells a place, and no changes, to whoever asks for the first time', async () => {
      const { log, write } = await open();
      await write(ALICE);
      const { place, changes } = await log.since(undefined);
      assert.equal(changes, undefined);
      assert.deepEqual((await log.since(place)).changes, []);
    });

    it('tells each change behind a place, in their order, and each of them once', async () => {
      const { log, write } = await open();
      const first = await log.since(undefined);
      await write(ALICE);
      await write(HOME);
      const second = await log.since(first.place);
      assert.deepEqual(second.changes, [ALICE, HOME]);
      await write(BOB);
      assert.deepEqual((await log.since(second.place)).changes, [BOB]);
      assert.deepEqual((await log.since(first.place)).changes, [ALICE, HOME, BOB]);
    });

    it('tells the same to all who ask', async () => {
      const { log, other, write } = await open();
      const { place } = await log.since(undefined);
      await write(ALICE);
      assert.deepEqual(await other.since(place), await log.since(place));
    });

    it('misses none of many changes that are made at once, while somebody asks', async () => {
      const { log, write } = await open();
      let { place } = await log.since(undefined);
      const heard: LoggedChange[] = [];
      const names = Array.from({ length: 30 }, (_, index) => ({ user: userName(`user ${index}`) }));
      let isWriting = true;
      const written = Promise.all(names.map(write)).then(() => {
        isWriting = false;
      });
      for (let isLast = false; !isLast; ) {
        isLast = !isWriting;
        const answer = await log.since(place);
        heard.push(...(answer.changes ?? assert.fail('the place is unknown')));
        place = answer.place;
      }
      await written;
      assert.equal(heard.length, names.length);
      assert.deepEqual(texts(heard), texts(names));
    });

    it('says that anything may have changed when the store was put back', async () => {
      const { log, write, putBack } = await open();
      await write(ALICE);
      const { place } = await log.since(undefined);
      await putBack();
      await write(BOB);
      await write(HOME);
      const { place: next, changes } = await log.since(place);
      assert.equal(changes, undefined);
      await write(ALICE);
      assert.deepEqual((await log.since(next)).changes, [ALICE]);
    });

    it('tells all who watch what this process changes, before that is acknowledged, until they end it', async () => {
      const { log, write } = await open();
      const calls: unknown[] = [];
      const ends = ['one', 'other'].map((name) => log.watch((changes) => calls.push([name, changes])));
      await write(ALICE);
      assert.deepEqual(calls.splice(0), [
        ['one', [ALICE]],
        ['other', [ALICE]],
      ]);
      ends[0]?.();
      await write(HOME);
      assert.deepEqual(calls, [['other', [HOME]]]);
    });
  });
}

const texts = (changes: readonly LoggedChange[]) => new Set(changes.map((change) => JSON.stringify(change)));

const userName = (text: string): UserName => valueIn(parseUserName(text));

const ALICE: LoggedChange = { user: userName('alice') };
const BOB: LoggedChange = { user: userName('bob') };
const HOME: LoggedChange = { name: domainName('home.example.org') };
