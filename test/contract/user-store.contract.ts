import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { MOST_NOTICES, type UserStore } from '../../src/application/ports/user-store.ts';
import { type DomainName, domainName } from '../../src/domain/domain-name.ts';
import { parseNetwork } from '../../src/domain/network.ts';
import { type NoticeTarget, noticeId } from '../../src/domain/notice.ts';
import type { Passkey } from '../../src/domain/passkey.ts';
import type { UpdateToken } from '../../src/domain/update-token.ts';
import { parseUserName, type User, type UserName } from '../../src/domain/user.ts';
import { allOf } from '../support/all-of.ts';
import { SIGNING_SECRET, targetAt } from '../support/notices.ts';
import { valueIn } from '../support/parsed.ts';

const notice = (to: string, more: Partial<NoticeTarget>): NoticeTarget =>
  targetAt(to, { secret: undefined, ...more });

/** Stores that keep the same users: what one acknowledges, the other sees. Both may be the same. */
export type UserStores = { readonly store: UserStore; readonly other: UserStore };

/** What every UserStore keeps to. `open` makes an empty one. */
export function userStoreContract(name: string, open: () => Promise<UserStores>): void {
  describe(`${name} as a user store`, () => {
    it('without users, knows nobody', async () => {
      const { store } = await open();
      assert.equal(await store.find(ALICE), undefined);
      assert.deepEqual(await allOf(store.list()), []);
      assert.equal((await store.grantedOf([HOME])).has(HOME), false);
      assert.equal(await store.findByTokenDigest(DIGEST), undefined);
    });

    it('finds a user who was added as that user was', async () => {
      const { store, other } = await open();
      const user: User = {
        name: ALICE,
        passwordHash: '$2b$10$abc',
        domains: [HOME, WILDCARD],
        offline: true,
        networks: ['192.0.2.0/24', '2001:db8::/32'].map((text) => valueIn(parseNetwork(text))),
        tokens: [token('one'), { ...token('two'), digest: OTHER_DIGEST, domains: [HOME] }],
      };
      assert.equal(await store.add(user), 'added');
      for (const each of [store, other]) {
        assert.deepEqual(await each.find(ALICE), user);
        assert.deepEqual(await each.findByTokenDigest(OTHER_DIGEST), user);
        assert.deepEqual(await allOf(each.list()), [user]);
      }
    });

    it('tells who wants notices of a name, each as it was added, among those who hold it', async () => {
      const { store, other } = await open();
      const json = notice('https://hooks.example.org/a', { secret: SIGNING_SECRET });
      const chat = notice('https://chat.example.org/b', { form: 'slack', events: ['silent'], names: [HOME] });
      await store.add({ ...user(ALICE), domains: [HOME], notices: [json, chat] });
      await store.add({ ...user(userName('bob')), domains: [WILDCARD], notices: [json] });
      await store.add({ ...user(userName('carol')), domains: [HOME] });
      const ofHome = await other.noticesAbout(HOME);
      const withoutId = ({ id: _, ...target }: NoticeTarget) => target;
      assert.deepEqual(
        ofHome.map(({ user, target }) => [user, withoutId(target)]),
        [
          [ALICE, withoutId(json)],
          [ALICE, withoutId(chat)],
        ],
      );
      assert.deepEqual(
        (await other.find(ALICE))?.notices,
        ofHome.map(({ target }) => target),
      );
      assert.equal(new Set(ofHome.map(({ target }) => target.id)).size, 2);
      assert.deepEqual(
        (await other.noticesAbout(WILDCARD)).map(({ user }) => user),
        ['bob'],
      );
      assert.deepEqual(await other.noticesAbout(domainName('x.example.net')), []);
      await store.revoke(ALICE, HOME);
      assert.deepEqual(await other.noticesAbout(HOME), []);
    });

    it('adds a target of notices, once for each address, and removes it again', async () => {
      const { store, other } = await open();
      const ofAlice = (to: string, more: Partial<NoticeTarget> = {}) => {
        const target = notice(to, more);
        return { ...target, id: noticeId(target.to, ALICE, sha256) };
      };
      const json = ofAlice('https://hooks.example.org/a?b=c', { secret: SIGNING_SECRET });
      const chat = ofAlice('https://chat.example.org/b', {
        form: 'slack',
        events: ['silent'],
        names: [HOME],
      });
      await store.add({ ...user(ALICE), domains: [HOME] });
      await store.add(user(userName('bob')));
      assert.equal(await store.addNotice(ALICE, json), 'added');
      assert.equal(await other.addNotice(ALICE, chat), 'added');
      assert.equal(await store.addNotice(ALICE, { ...json, events: ['back'] }), 'exists');
      assert.equal(await store.addNotice(userName('carol'), json), 'unknown-user');
      assert.deepEqual((await store.find(ALICE))?.notices, [json, chat]);
      assert.deepEqual(
        (await other.noticesAbout(HOME)).map(({ target }) => target),
        [json, chat],
      );
      assert.equal(await store.removeNotice(userName('bob'), json.id), 'unknown-notice');
      assert.equal(await store.removeNotice(userName('carol'), json.id), 'unknown-user');
      assert.equal(await other.removeNotice(ALICE, json.id), 'removed');
      assert.deepEqual((await store.find(ALICE))?.notices, [chat]);
      assert.equal(await store.removeNotice(ALICE, json.id), 'unknown-notice');
      assert.equal(await store.removeNotice(ALICE, chat.id), 'removed');
      assert.deepEqual(await other.find(ALICE), { ...user(ALICE), domains: [HOME] });
    });

    it('confirms a mailbox once, by the digest of its link', async () => {
      const { store, other } = await open();
      const unconfirmed = { digest: OTHER_DIGEST, until: Date.UTC(2026, 0, 2) };
      const hook = notice('https://chat.example.org/b', { form: 'slack' });
      const mail = notice('mailto:alice@example.org', { events: ['silent'], language: 'de', unconfirmed });
      const second = notice('mailto:alice@example.net', {
        ...{ language: 'en', unconfirmed: { ...unconfirmed, digest: DIGEST } },
      });
      const byAlice = (target: NoticeTarget) => ({ ...target, id: noticeId(target.to, ALICE, sha256) });
      await store.add({ ...user(ALICE), domains: [HOME], notices: [hook, mail].map(byAlice) });
      await store.add(user(userName('bob')));
      assert.equal(await other.addNotice(ALICE, byAlice(second)), 'added');
      const notices = [hook, mail, second].map(byAlice);
      for (const each of [store, other]) assert.deepEqual((await each.find(ALICE))?.notices, notices);
      assert.deepEqual(
        (await other.noticesAbout(HOME)).map(({ target }) => target),
        notices,
      );
      assert.equal((await other.findByConfirmation(OTHER_DIGEST))?.name, ALICE);
      assert.equal(await store.confirmNotice(userName('bob'), OTHER_DIGEST), 'unknown-notice');
      assert.equal(await store.confirmNotice(userName('carol'), OTHER_DIGEST), 'unknown-user');
      const twice = [store, other].map((each) => each.confirmNotice(ALICE, OTHER_DIGEST));
      assert.deepEqual((await Promise.all(twice)).toSorted(), ['confirmed', 'unknown-notice']);
      assert.equal(await store.findByConfirmation(OTHER_DIGEST), undefined);
      const { unconfirmed: _, ...confirmed } = mail;
      assert.deepEqual((await other.find(ALICE))?.notices, [hook, confirmed, second].map(byAlice));
      assert.equal((await other.findByConfirmation(DIGEST))?.name, ALICE);
      assert.equal(await store.remove(ALICE), 'removed');
      assert.equal(await other.findByConfirmation(DIGEST), undefined);
    });

    it('puts a target in the place of an unconfirmed one, and of no other', async () => {
      const { store, other } = await open();
      const until = Date.UTC(2026, 0, 2);
      const byAlice = (to: string, more: Partial<NoticeTarget>) => {
        const target = notice(to, more);
        return { ...target, id: noticeId(target.to, ALICE, sha256) };
      };
      const first = byAlice('mailto:alice@example.org', {
        ...{ language: 'en', unconfirmed: { digest: DIGEST, until } },
      });
      const again = byAlice('mailto:alice@example.org', {
        ...{ language: 'de', events: ['silent'], unconfirmed: { digest: OTHER_DIGEST, until } },
      });
      const hooks = Array.from({ length: MOST_NOTICES - 1 }, (_, number) =>
        byAlice(`https://chat.example.org/${number}`, { form: 'slack' }),
      );
      await store.add({ ...user(ALICE), notices: [first, ...hooks] });
      assert.equal(await other.addNotice(ALICE, again), 'added', 'they are no more than before');
      assert.deepEqual((await store.find(ALICE))?.notices, [...hooks, again]);
      assert.equal(await store.findByConfirmation(DIGEST), undefined);
      assert.equal(await store.confirmNotice(ALICE, OTHER_DIGEST), 'confirmed');
      assert.equal(await other.addNotice(ALICE, first), 'exists');
      const { unconfirmed: _, ...confirmed } = again;
      assert.deepEqual((await other.find(ALICE))?.notices, [...hooks, confirmed]);
    });

    it('adds no more targets of notices than a user may have, also when many are added at once', async () => {
      const { store, other } = await open();
      await store.add(user(ALICE));
      const added = Array.from({ length: MOST_NOTICES + 2 }, (_, number) => {
        const target = notice(`https://hooks.example.org/${number}`, { form: 'slack' });
        const own = { ...target, id: noticeId(target.to, ALICE, sha256) };
        return (number % 2 === 0 ? store : other).addNotice(ALICE, own);
      });
      const outcomes = (await Promise.all(added)).toSorted();
      assert.deepEqual(outcomes, [...Array(MOST_NOTICES).fill('added'), 'too-many', 'too-many']);
      assert.equal((await store.find(ALICE))?.notices?.length, MOST_NOTICES);
    });

    it('adds many users as they are, behind those who were there', async () => {
      const { store, other } = await open();
      const many = [
        { ...user(ALICE), domains: [HOME, WILDCARD], tokens: [token('one')] },
        ...Array.from({ length: 30 }, (_, number) => user(userName(`jo.${number}`))),
      ];
      await store.add(user(userName('carol')));
      assert.deepEqual(await store.addAll(many), []);
      assert.deepEqual(await allOf(other.list()), [user(userName('carol')), ...many]);
      assert.deepEqual(await other.findByTokenDigest(DIGEST), many[0]);
    });

    it('adds none of many users when one of them exists', async () => {
      const { store, other } = await open();
      await store.add(user(ALICE));
      assert.deepEqual(await store.addAll(['bob', ALICE].map((name) => user(userName(name)))), [ALICE]);
      assert.deepEqual(await allOf(other.list()), [user(ALICE)]);
    });

    it('gives parts of the users in the order of their names, whatever the case of the letters', async () => {
      const { store, other } = await open();
      const names = ['bob', 'Alice', 'alice', 'x_2', 'Zoe', 'ßa'].map(userName);
      await store.addAll(names.map(user));
      const inOrder: UserName[] = [];
      for (let after: UserName | undefined; ; after = inOrder.at(-1)) {
        const { rows, hasMore } = await other.page({ search: '', after, most: 2 });
        inOrder.push(...rows.map(({ name }) => name));
        if (!hasMore) break;
      }
      assert.deepEqual(inOrder, ['Alice', 'alice', 'bob', 'x_2', 'Zoe', 'ßa']);
      assert.deepEqual(await store.page({ search: 'AL', most: 1 }), {
        rows: [user(userName('Alice'))],
        hasMore: true,
      });
    });

    it('finds users by the beginning of their name, and by a whole name that was granted to them', async () => {
      const { store, other } = await open();
      await store.addAll([
        { ...user(userName('bob')), domains: [HOME, WILDCARD] },
        { ...user(userName('home')), domains: [] },
        { ...user(userName('Home.example.org')), domains: [HOME] },
        { ...user(userName('al_x%')), domains: [] },
      ]);
      const found = async (search: string, after?: string) =>
        (await other.page({ search, after: after as UserName | undefined, most: 10 })).rows.map(
          ({ name }) => name,
        );
      assert.deepEqual(await found('Ho'), ['home', 'Home.example.org']);
      assert.deepEqual(await found('HOME.example.org'), ['bob', 'Home.example.org']);
      assert.deepEqual(await found(HOME, 'bob'), ['Home.example.org']);
      assert.deepEqual(await found('ome'), []);
      for (const search of ['%', '_', 'al_', "'", '\\', 'a\0', '\ud800', 'al_x%']) {
        assert.deepEqual(await found(search), search.startsWith('al_') ? ['al_x%'] : [], search);
      }
    });

    it('gives parts of the granted names with their holders, by their beginning or by who holds them', async () => {
      const { store, other } = await open();
      const [cam, nas] = [domainName('cam.example.org'), domainName('nas.example.org')];
      await store.addAll([
        { ...user(userName('bob')), domains: [nas, HOME] },
        { ...user(ALICE), domains: [HOME, cam, WILDCARD] },
      ]);
      const found = async (search: string, after?: DomainName, most = 9) => {
        const { rows, hasMore } = await other.grantedPage({ search, after, most });
        return [
          ...rows.map(({ name, users }) => `${name}: ${users.join(' ')}`),
          ...(hasMore ? ['more'] : []),
        ];
      };
      const all = [`${WILDCARD}: alice`, `${cam}: alice`, `${HOME}: bob alice`, `${nas}: bob`];
      assert.deepEqual(await found(''), all);
      assert.deepEqual(await found('', cam, 1), [`${HOME}: bob alice`, 'more']);
      assert.deepEqual(await found('Ho'), [`${HOME}: bob alice`]);
      assert.deepEqual(await found('bob'), [`${HOME}: bob alice`, `${nas}: bob`]);
      assert.deepEqual(await found('a\0'), []);
      assert.deepEqual(
        await other.holdersOf([nas, HOME, domainName('x.example.net')]),
        new Map([
          [nas, ['bob']],
          [HOME, ['bob', ALICE]],
        ]),
      );
    });

    it('changes several rights at once, and none of those that are not named', async () => {
      const { store, other } = await open();
      const networks = [valueIn(parseNetwork('192.0.2.0/24'))];
      const before = { ...user(ALICE), domains: [HOME], tokens: [token('one')], networks, admin: true };
      await store.add(before);
      const rights = { admin: false, certificates: true };
      assert.equal(await store.setRights(ALICE, rights), 'changed');
      const { admin: _, ...after } = { ...before, certificates: true };
      assert.deepEqual(await other.find(ALICE), after);
      assert.equal(await store.setRights(ALICE, {}), 'changed');
      assert.deepEqual(await other.find(ALICE), after);
    });

    it('keeps the last operator where that is asked for', async () => {
      const { store, other } = await open();
      const keep = { keepsOperator: true };
      await store.addAll([{ ...user(ALICE), admin: true }, user(BOB)]);
      assert.equal(await other.setRights(ALICE, { admin: false }, keep), 'last-operator');
      assert.equal(await other.remove(ALICE, keep), 'last-operator');
      assert.equal(await other.setRights(ALICE, { admin: true, networks: [] }, keep), 'changed');
      assert.equal(await other.setRights(BOB, { admin: false }, keep), 'changed');
      assert.equal((await store.find(ALICE))?.admin, true);
      assert.equal(await store.setRights(BOB, { admin: true }, keep), 'changed');
      assert.equal(await other.remove(ALICE, keep), 'removed');
      assert.equal(await store.remove(ALICE, keep), 'unknown-user');
      assert.equal(await store.setRights(BOB, { admin: false }), 'changed');
      assert.equal(await store.remove(BOB, keep), 'removed');
    });

    it('of operators who dismiss or remove one another at the same time, leaves one', async () => {
      const { store, other } = await open();
      const names = ['a', 'b', 'c', 'd', 'e', 'f'].map(userName);
      await store.addAll(names.map((each) => ({ ...user(each), admin: true })));
      const outcomes = await Promise.all(
        names.map((each, index) => {
          const [through, keep] = [index % 2 === 0 ? store : other, { keepsOperator: true }];
          return index < 3 ? through.setRights(each, { admin: false }, keep) : through.remove(each, keep);
        }),
      );
      assert.equal(outcomes.filter((outcome) => outcome === 'last-operator').length, 1);
      const left = (await allOf(store.list())).filter(({ admin }) => admin === true);
      assert.equal(left.length, 1);
    });

    it('changes and removes only a user who is as somebody has seen them', async () => {
      const { store, other } = await open();
      await store.add(user(ALICE));
      const unseen = { isSeen: ({ certificates }: User) => certificates === true };
      assert.equal(await store.setRights(ALICE, { admin: true }, unseen), 'overtaken');
      assert.equal(await store.remove(ALICE, unseen), 'overtaken');
      assert.equal(await store.setRights(BOB, { admin: true }, unseen), 'unknown-user');
      assert.deepEqual(await other.find(ALICE), user(ALICE));
      await store.setRights(ALICE, { certificates: true });
      assert.equal(await other.remove(ALICE, unseen), 'removed');
    });

    it('of changes at the same time that have seen the same, makes one', async () => {
      const { store, other } = await open();
      await store.add(user(ALICE));
      const condition = { isSeen: ({ networks }: User) => networks.length === 0 };
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, (_, index) => {
          const networks = [valueIn(parseNetwork(`192.0.2.${index}`))];
          return (index % 2 === 0 ? store : other).setRights(ALICE, { networks }, condition);
        }),
      );
      assert.deepEqual(outcomes.toSorted(), ['changed', ...Array(7).fill('overtaken')]);
    });

    it('lists users in the order in which they were added', async () => {
      const { store, other } = await open();
      const names = ['carol', 'x10', 'alice', '2x', 'bob'].map(userName);
      for (const each of names) await store.add(user(each));
      assert.deepEqual(
        (await allOf(other.list())).map((listed) => listed.name),
        names,
      );
    });

    it('lists users whose names are numbers, in whatever order', async () => {
      const { store, other } = await open();
      for (const each of ['carol', '10', '2']) await store.add(user(userName(each)));
      const listed = await allOf(other.list());
      assert.deepEqual(new Set(listed.map(({ name }) => name)), new Set(['carol', '10', '2']));
    });

    it('changes the networks of a user, takes them away, and leaves everything else', async () => {
      const { store, other } = await open();
      const before = { ...user(ALICE), domains: [HOME], tokens: [token('one')] };
      await store.add(before);
      const networks = ['192.0.2.0/24', '2001:db8::1/128'].map((text) => valueIn(parseNetwork(text)));
      assert.equal(await store.setRights(ALICE, { networks }), 'changed');
      assert.deepEqual(await other.find(ALICE), { ...before, networks });
      assert.equal(await store.setRights(ALICE, { networks: [] }), 'changed');
      assert.deepEqual(await other.find(ALICE), before);
    });

    it('changes no networks of somebody unknown', async () => {
      const { store } = await open();
      assert.equal(await store.setRights(ALICE, { networks: [] }), 'unknown-user');
    });

    it('adds nobody twice, and leaves the first', async () => {
      const { store } = await open();
      await store.add(user(ALICE));
      assert.equal(
        await store.add({ ...user(ALICE), passwordHash: '$2b$10$other', domains: [HOME] }),
        'exists',
      );
      assert.deepEqual(await store.find(ALICE), user(ALICE));
    });

    for (const odd of [
      ...['a.b', '"quoted"', "o'brien", 'ünïcödé', '🔑', ' ', '#', '[x]'],
      // Nobody can choose these any more, and users who have them are moved and log in.
      ...['\u202eevil', 'olga\u200b', 'a\u2028b', '👩‍💻'],
    ]) {
      it(`takes a user with the name ${encodeURI(odd)}`, async () => {
        const { store, other } = await open();
        const name = userName(odd);
        assert.equal(await store.find(name), undefined);
        assert.equal(await store.grant(name, HOME), 'unknown-user');
        assert.equal(await store.add(user(name)), 'added');
        assert.equal(await other.grant(name, HOME), 'granted');
        assert.equal(await store.setPasswordHash(name, '$2b$10$other'), 'changed');
        assert.deepEqual(await other.find(name), {
          ...user(name),
          domains: [HOME],
          passwordHash: '$2b$10$other',
        });
        assert.equal(await other.remove(name), 'removed');
        assert.equal(await store.find(name), undefined);
      });
    }

    it('tells names apart exactly', async () => {
      const { store } = await open();
      await store.add(user(ALICE));
      for (const name of ['Alice', 'alice ', 'alic', 'alicea'])
        assert.equal(await store.find(userName(name)), undefined);
    });

    it('forgets all about a user who is removed, and nothing of others', async () => {
      const { store, other } = await open();
      await store.add({ ...user(ALICE), domains: [HOME, WILDCARD], tokens: [token('one')] });
      await store.add({ ...user(BOB), domains: [HOME] });
      assert.equal(await store.remove(ALICE), 'removed');
      assert.equal(await other.find(ALICE), undefined);
      assert.equal(await other.findByTokenDigest(DIGEST), undefined);
      assert.equal((await other.grantedOf([WILDCARD])).has(WILDCARD), false);
      assert.equal((await other.grantedOf([HOME])).has(HOME), true);
      assert.deepEqual(await other.find(BOB), { ...user(BOB), domains: [HOME] });
      assert.equal(await store.remove(ALICE), 'unknown-user');
    });

    it('takes a user back who was removed, without the old rights', async () => {
      const { store, other } = await open();
      await store.add({ ...user(ALICE), domains: [HOME] });
      await store.remove(ALICE);
      assert.equal(await store.add(user(ALICE)), 'added');
      assert.deepEqual(await other.find(ALICE), user(ALICE));
    });

    it('changes a password hash and nothing else', async () => {
      const { store, other } = await open();
      const before = { ...user(ALICE), domains: [HOME], offline: true, tokens: [token('one')] };
      await store.add(before);
      await store.add(user(BOB));
      assert.equal(await store.setPasswordHash(ALICE, '$argon2id$v=19$m=8,t=1,p=1$a$b+/'), 'changed');
      assert.deepEqual(await other.find(ALICE), {
        ...before,
        passwordHash: '$argon2id$v=19$m=8,t=1,p=1$a$b+/',
      });
      assert.deepEqual(await other.find(BOB), user(BOB));
      assert.equal(await store.setPasswordHash(userName('carol'), '$2b$10$x'), 'unknown-user');
    });

    it('grants a name once', async () => {
      const { store, other } = await open();
      await store.add(user(ALICE));
      assert.equal((await store.grantedOf([HOME])).has(HOME), false);
      assert.equal(await store.grant(ALICE, HOME), 'granted');
      assert.equal((await other.grantedOf([HOME])).has(HOME), true);
      assert.equal(await other.grant(ALICE, HOME), 'already-granted');
      assert.equal(await store.grant(ALICE, WILDCARD), 'granted');
      assert.deepEqual((await other.find(ALICE))?.domains, [HOME, WILDCARD]);
      assert.equal(await store.grant(BOB, HOME), 'unknown-user');
    });

    it('knows exactly the names that were granted, not those that a wildcard matches', async () => {
      const { store } = await open();
      await store.add({ ...user(ALICE), domains: [WILDCARD] });
      assert.equal((await store.grantedOf([WILDCARD])).has(WILDCARD), true);
      assert.equal(
        (await store.grantedOf([domainName('x.lab.example.org')])).has(domainName('x.lab.example.org')),
        false,
      );
      assert.equal(
        (await store.grantedOf([domainName('lab.example.org')])).has(domainName('lab.example.org')),
        false,
      );
    });

    it('knows whether others hold a name that a certificate covers: the name, its wildcard, one label below', async () => {
      const { store, other } = await open();
      await store.add({ ...user(ALICE), domains: [HOME, domainName('cam.home.example.org')] });
      await store.add({ ...user(BOB), domains: [WILDCARD] });
      const held = async (certified: string) => {
        const name = domainName(certified);
        return [await other.isHeldByOthers(name, ALICE), await other.isHeldByOthers(name, BOB)];
      };
      assert.deepEqual(await held('home.example.org'), [false, true]);
      assert.deepEqual(await held('example.org'), [false, true]);
      assert.deepEqual(await held('cam.home.example.org'), [false, true]);
      assert.deepEqual(await held('x.home.example.org'), [false, false]);
      assert.deepEqual(await held('lab.example.org'), [true, false]);
      assert.deepEqual(await held('x.lab.example.org'), [false, false]);
      assert.deepEqual(await held('org'), [false, false]);
      await store.grant(BOB, HOME);
      assert.deepEqual(await held('home.example.org'), [true, true]);
      await store.revoke(ALICE, HOME);
      await store.revoke(ALICE, domainName('cam.home.example.org'));
      assert.deepEqual(await held('home.example.org'), [true, false]);
    });

    it('lets a user get certificates, or none, and leaves everything else', async () => {
      const { store, other } = await open();
      await store.add(user(ALICE));
      for (const certificates of [true, false]) {
        assert.equal(await store.setRights(ALICE, { certificates }), 'changed');
        assert.deepEqual(await other.find(ALICE), { ...user(ALICE), certificates });
      }
      assert.equal(await store.setRights(ALICE, { certificates: undefined }), 'changed');
      assert.deepEqual(await other.find(ALICE), user(ALICE));
      assert.equal(await store.setRights(BOB, { certificates: true }), 'unknown-user');
    });

    it('makes a user an operator, takes that right away, and leaves everything else', async () => {
      const { store, other } = await open();
      await store.add(user(ALICE));
      assert.equal(await store.setRights(ALICE, { admin: true }), 'changed');
      assert.deepEqual(await other.find(ALICE), { ...user(ALICE), admin: true });
      assert.equal(await other.setRights(ALICE, { admin: false }), 'changed');
      assert.deepEqual(await store.find(ALICE), user(ALICE));
      assert.equal(await store.setRights(BOB, { admin: true }), 'unknown-user');
      await store.add({ ...user(BOB), admin: true });
      assert.equal((await other.find(BOB))?.admin, true);
    });

    it('adds a user who claims a name only where nobody has that name', async () => {
      const { store, other } = await open();
      await store.add({ ...user(ALICE), domains: [HOME] });
      assert.equal(await other.add({ ...user(BOB), domains: [HOME] }, [HOME]), 'held');
      assert.equal(await store.find(BOB), undefined);
      assert.equal(await other.add({ ...user(BOB), domains: [HOME, WILDCARD] }, [WILDCARD]), 'added');
      assert.equal(await store.add({ ...user(ALICE), domains: [WILDCARD] }, [WILDCARD]), 'exists');
    });

    it('gives a name that many claim at once to one of them', async () => {
      const { store, other } = await open();
      const names = ['a', 'b', 'c', 'd', 'e', 'f'].map(userName);
      const outcomes = await Promise.all(
        names.map((name, index) =>
          (index % 2 === 0 ? store : other).add({ ...user(name), domains: [HOME] }, [HOME]),
        ),
      );
      assert.deepEqual(outcomes.toSorted(), ['added', 'held', 'held', 'held', 'held', 'held']);
      assert.equal((await allOf(store.list())).length, 1);
    });

    it('keeps what a token is for, and whether a new user gets certificates', async () => {
      const { store, other } = await open();
      await store.add({
        ...user(ALICE),
        certificates: true,
        tokens: [{ ...token('one'), use: 'certificates' }],
      });
      const both = { ...token('two'), digest: OTHER_DIGEST, use: 'updates and certificates' as const };
      await store.addToken(ALICE, both);
      const found = await other.find(ALICE);
      assert.equal(found?.certificates, true);
      assert.deepEqual(found.tokens, [{ ...token('one'), use: 'certificates' }, both]);
    });

    it('keeps an account: its networks, its challenge name, and that this belongs to nobody else', async () => {
      const { store, other } = await open();
      const challenge = domainName('own.acme.example.org');
      const networks = [valueIn(parseNetwork('192.0.2.0/24'))];
      const account = { ...token('acme'), use: 'certificates', domains: [], networks, challenge } as const;
      await store.add(user(ALICE));
      assert.equal(await store.addToken(ALICE, account), 'added');
      assert.deepEqual((await other.find(ALICE))?.tokens, [account]);
      assert.equal(await other.isHeldByOthers(challenge, ALICE), false);
      assert.equal(await other.isHeldByOthers(challenge, BOB), true);
      await store.removeToken(ALICE, 'acme');
      assert.equal(await other.isHeldByOthers(challenge, BOB), false);
    });

    it('revokes a name, and knows it as long as anybody else has it', async () => {
      const { store, other } = await open();
      await store.add({ ...user(ALICE), domains: [WILDCARD, HOME] });
      await store.add({ ...user(BOB), domains: [HOME] });
      assert.equal(await store.revoke(ALICE, HOME), 'revoked');
      assert.deepEqual((await other.find(ALICE))?.domains, [WILDCARD]);
      assert.equal((await other.grantedOf([HOME])).has(HOME), true);
      assert.equal(await store.revoke(ALICE, HOME), 'not-granted');
      assert.equal(await store.revoke(BOB, HOME), 'revoked');
      assert.equal((await other.grantedOf([HOME])).has(HOME), false);
      assert.deepEqual((await other.find(BOB))?.domains, []);
      assert.equal(await store.revoke(userName('carol'), HOME), 'unknown-user');
    });

    it('finds a user by a token, until the token is removed', async () => {
      const { store, other } = await open();
      await store.add(user(ALICE));
      await store.add(user(BOB));
      assert.equal(await store.addToken(ALICE, token('one')), 'added');
      assert.equal(
        await store.addToken(ALICE, { ...token('two'), digest: OTHER_DIGEST, domains: [HOME] }),
        'added',
      );
      assert.equal((await other.findByTokenDigest(DIGEST))?.name, ALICE);
      assert.equal((await other.findByTokenDigest(OTHER_DIGEST))?.name, ALICE);
      assert.equal(await other.removeToken(ALICE, 'one'), 'removed');
      assert.equal(await store.findByTokenDigest(DIGEST), undefined);
      assert.deepEqual((await store.find(ALICE))?.tokens, [
        { ...token('two'), digest: OTHER_DIGEST, domains: [HOME] },
      ]);
      assert.equal(await store.removeToken(ALICE, 'two'), 'removed');
      assert.deepEqual(await other.find(ALICE), user(ALICE));
    });

    it('finds a user by a passkey, until the passkey is removed', async () => {
      const { store, other } = await open();
      await store.add({ ...user(ALICE), passkeys: [passkey('Phone', 'id-1')] });
      await store.add(user(BOB));
      assert.equal(await store.addPasskey(ALICE, passkey('Key “2”', 'id-2')), 'added');
      assert.deepEqual((await other.find(ALICE))?.passkeys, [
        passkey('Phone', 'id-1'),
        passkey('Key “2”', 'id-2'),
      ]);
      for (const id of ['id-1', 'id-2']) assert.equal((await other.findByPasskey(id))?.name, ALICE);
      assert.equal(await other.removePasskey(ALICE, 'Phone'), 'removed');
      assert.equal(await store.findByPasskey('id-1'), undefined);
      assert.equal(await store.removePasskey(ALICE, 'Phone'), 'unknown-passkey');
      assert.equal(await store.removePasskey(ALICE, 'Key “2”'), 'removed');
      assert.deepEqual(await other.find(ALICE), user(ALICE));
    });

    it('keeps the ids of all passkeys apart, and the names of those of one user', async () => {
      const { store, other } = await open();
      for (const name of [ALICE, BOB]) await store.add(user(name));
      await store.addPasskey(ALICE, passkey('Phone', 'id-1'));
      assert.equal(await other.addPasskey(ALICE, passkey('Phone', 'id-2')), 'exists');
      assert.equal(await other.addPasskey(BOB, passkey('Other', 'id-1')), 'exists');
      assert.equal(await other.addPasskey(BOB, passkey('Phone', 'id-2')), 'added');
      assert.equal((await store.findByPasskey('id-1'))?.name, ALICE);
      assert.equal(await store.addPasskey(userName('carol'), passkey('Phone', 'id-3')), 'unknown-user');
      assert.equal(await store.removePasskey(userName('carol'), 'Phone'), 'unknown-user');
    });

    it('keeps the counter of a passkey and its last use, and changes nothing else', async () => {
      const { store, other } = await open();
      const passkeys = [passkey('Phone', 'id-1'), passkey('Key', 'id-2')];
      await store.add({ ...user(ALICE), passkeys });
      assert.equal(await store.setPasskeyUse(ALICE, 'Key', { counter: 7, at: USED }), 'changed');
      const changed = [passkey('Phone', 'id-1'), { ...passkey('Key', 'id-2'), counter: 7, lastUse: USED }];
      assert.deepEqual(await other.find(ALICE), { ...user(ALICE), passkeys: changed });
      assert.equal(await store.setPasskeyUse(ALICE, 'Tablet', { counter: 1, at: USED }), 'unknown-passkey');
      assert.equal(await store.setPasskeyUse(BOB, 'Key', { counter: 1, at: USED }), 'unknown-user');
      const later = { counter: 8, at: USED + 1_000 };
      assert.equal(await store.setPasskeyUse(ALICE, 'Key', later), 'changed');
      assert.equal((await other.find(ALICE))?.passkeys?.[1]?.lastUse, later.at);
    });

    it('finds a user by what the identity provider calls that user, and nobody else', async () => {
      const { store, other } = await open();
      await store.add({ ...user(ALICE), identity: 'alice@example.org' });
      await store.add(user(BOB));
      assert.equal((await other.findByIdentity('alice@example.org'))?.name, ALICE);
      assert.equal(await other.findByIdentity('Alice@example.org'), undefined);
      assert.equal(await other.setIdentity(BOB, 'alice@example.org'), 'taken');
      assert.equal(await other.setIdentity(ALICE, 'alice@example.org'), 'changed');
      assert.equal(await other.setIdentity(BOB, '1234'), 'changed');
      assert.equal((await store.findByIdentity('1234'))?.name, BOB);
      assert.equal(await store.setIdentity(BOB, undefined), 'changed');
      assert.deepEqual(await other.find(BOB), user(BOB));
      assert.equal(await store.findByIdentity('1234'), undefined);
      assert.equal(await store.setIdentity(userName('carol'), '1'), 'unknown-user');
    });

    it('keeps the names of the tokens of a user apart', async () => {
      const { store } = await open();
      await store.add({ ...user(ALICE), tokens: [token('one')] });
      await store.add(user(BOB));
      assert.equal(await store.addToken(ALICE, { ...token('one'), digest: OTHER_DIGEST }), 'exists');
      assert.deepEqual((await store.find(ALICE))?.tokens, [token('one')]);
      assert.equal(await store.addToken(BOB, { ...token('one'), digest: OTHER_DIGEST }), 'added');
      assert.equal(await store.removeToken(ALICE, 'two'), 'unknown-token');
      assert.equal(await store.removeToken(userName('carol'), 'one'), 'unknown-user');
      assert.equal(await store.addToken(userName('carol'), token('one')), 'unknown-user');
    });

    it('loses none of many changes that are made at once', async () => {
      const { store, other } = await open();
      await store.add(user(ALICE));
      const domains = Array.from({ length: 20 }, (_, index) => domainName(`h${index}.example.org`));
      const outcomes = await Promise.all(
        domains.map((domain, index) => (index % 2 === 0 ? store : other).grant(ALICE, domain)),
      );
      assert.deepEqual(new Set(outcomes), new Set(['granted']));
      assert.deepEqual(new Set((await store.find(ALICE))?.domains), new Set(domains));
    });

    it('lets one of several who add the same user do so', async () => {
      const { store, other } = await open();
      const outcomes = await Promise.all([store, other, store, other].map((each) => each.add(user(ALICE))));
      assert.deepEqual(outcomes.toSorted(), ['added', 'exists', 'exists', 'exists']);
    });

    it('goes on listing the users that there were when somebody is removed meanwhile', async () => {
      const { store } = await open();
      for (const name of [ALICE, BOB]) await store.add(user(name));
      const listed: UserName[] = [];
      for await (const { name } of store.list()) {
        listed.push(name);
        await store.remove(BOB);
      }
      assert.ok(listed.includes(ALICE));
      assert.deepEqual(
        (await allOf(store.list())).map(({ name }) => name),
        [ALICE],
      );
    });
  });
}

const userName = (text: string): UserName => valueIn(parseUserName(text));

const ALICE = userName('alice');
const BOB = userName('bob');
const HOME = domainName('home.example.org');
const WILDCARD = domainName('*.lab.example.org');
const DIGEST = 'a0'.repeat(32);
const OTHER_DIGEST = 'b1'.repeat(32);

const user = (name: UserName): User => ({
  name,
  passwordHash: '$2b$10$abc',
  domains: [],
  offline: false,
  networks: [],
  tokens: [],
});

const token = (name: string): UpdateToken => ({ name, digest: DIGEST, domains: undefined });

const USED = Date.UTC(2026, 10, 29, 7, 14, 3, 250);

const passkey = (name: string, id: string): Passkey => ({
  ...{ name, id, publicKey: 'pQECAyYgASFYIA-_', counter: 0 },
  since: Date.UTC(2026, 10, 29, 1, 20),
});

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
