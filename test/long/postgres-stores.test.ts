import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import type { Database } from '../../src/adapters/postgres/database.ts';
import { PostgresChallengeStore } from '../../src/adapters/postgres/postgres-challenge-store.ts';
import { PostgresChangeLog } from '../../src/adapters/postgres/postgres-change-log.ts';
import { PostgresHistory } from '../../src/adapters/postgres/postgres-history.ts';
import { PostgresHostStore } from '../../src/adapters/postgres/postgres-host-store.ts';
import { PostgresInvitationStore } from '../../src/adapters/postgres/postgres-invitation-store.ts';
import { PostgresManagementHistory } from '../../src/adapters/postgres/postgres-management-history.ts';
import { PostgresNoticeStore } from '../../src/adapters/postgres/postgres-notice-store.ts';
import { PostgresPendingSignIns } from '../../src/adapters/postgres/postgres-pending-sign-ins.ts';
import { PostgresSessionStore } from '../../src/adapters/postgres/postgres-session-store.ts';
import { PostgresUserStore } from '../../src/adapters/postgres/postgres-user-store.ts';
import { PostgresWatchedNames } from '../../src/adapters/postgres/postgres-watched-names.ts';
import { noLogger } from '../../src/application/ports/logger.ts';
import { challengeStoreContract } from '../contract/challenge-store.contract.ts';
import { historyContract } from '../contract/history.contract.ts';
import { invitationStoreContract } from '../contract/invitation-store.contract.ts';
import { managementHistoryContract } from '../contract/management-history.contract.ts';
import { noticeStoreContract, type OpenNoticeStore } from '../contract/notice-store.contract.ts';
import { pendingSignInsContract } from '../contract/pending-sign-ins.contract.ts';
import { sessionStoreContract } from '../contract/session-store.contract.ts';
import { watchedNamesContract } from '../contract/watched-names.contract.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { type MigratedDatabase, migratedDatabase } from '../support/migrated-database.ts';
import { DATABASE_TOOLS } from '../support/tools.ts';

describeWithTools('PostgreSQL', DATABASE_TOOLS, () => {
  let migrated: MigratedDatabase;
  let one: Database;
  let other: Database;

  before(async () => {
    migrated = await migratedDatabase();
    [one, other] = [migrated.connect(), migrated.connect()];
  });

  after(() => migrated.close());

  sessionStoreContract('PostgresSessionStore', async () => {
    await migrated.empty('sessions');
    return { store: new PostgresSessionStore(one), other: new PostgresSessionStore(other) };
  });

  invitationStoreContract('PostgresInvitationStore', async () => {
    await migrated.empty('invitations');
    return { store: new PostgresInvitationStore(one), other: new PostgresInvitationStore(other) };
  });

  challengeStoreContract('PostgresChallengeStore', async () => {
    await migrated.empty('challenges');
    return {
      store: new PostgresChallengeStore(one),
      other: new PostgresChallengeStore(other),
      async fill(challenges) {
        await one.change(
          (sql) => sql`
            insert into dynonym.challenges (asked, place, value, since)
            select asked, place, value, since
            from json_to_recordset(${JSON.stringify(challenges)}::text::json)
              as new (asked text, place text, value text, since bigint)`,
        );
      },
    };
  });

  noticeStoreContract('PostgresNoticeStore', async () => {
    await migrated.empty('pending_notices');
    const open = (): OpenNoticeStore => {
      const store = new PostgresNoticeStore(one, { clock: new ManualClock(), logger: noLogger });
      return {
        store,
        async reopen() {
          await store.close();
          return open();
        },
      };
    };
    return open();
  });

  pendingSignInsContract('PostgresPendingSignIns', async () => {
    await migrated.empty('pending_sign_ins');
    return {
      pending: new PostgresPendingSignIns(one),
      other: new PostgresPendingSignIns(other),
      async wait(milliseconds) {
        await migrated.sql(
          `update dynonym.pending_sign_ins set until = until - ${milliseconds} * interval '1 ms'`,
        );
      },
    };
  });

  it('keeps ten thousand pending sign-ins, and those that began last', async () => {
    await migrated.empty('pending_sign_ins');
    await migrated.sql(`
      insert into dynonym.pending_sign_ins (digest, value, until)
      select number, 'challenge', now() + (60000 + number) * interval '1 ms' from generate_series(1, 10050) as number`);
    const pending = new PostgresPendingSignIns(one);
    await pending.keep('browser', 'challenge');
    assert.equal(await migrated.sql('select count(*) from dynonym.pending_sign_ins'), '10000');
    assert.equal(await pending.take('browser'), 'challenge');
  });

  historyContract('PostgresHistory', async ({ events }) => {
    await migrated.empty('name_states', 'name_events');
    return new PostgresHistory(one, {
      limits: { events, days: 90 },
      clock: new ManualClock(0),
      logger: noLogger,
      lost() {},
    });
  });

  watchedNamesContract('PostgresWatchedNames', async () => {
    await migrated.sql('delete from dynonym.users; delete from dynonym.hosts');
    await migrated.empty('name_states', 'name_events', 'watched');
    const clock = new ManualClock();
    const log = new PostgresChangeLog(other);
    return {
      users: new PostgresUserStore(other, log),
      hosts: new PostgresHostStore(other, log),
      watched: new PostgresWatchedNames(one, clock),
      history: new PostgresHistory(other, {
        ...{ clock: new ManualClock(0), limits: { events: 100, days: 90 }, logger: noLogger, lost() {} },
      }),
    };
  });

  managementHistoryContract('PostgresManagementHistory', async () => {
    await migrated.empty('deeds');
    return {
      history: new PostgresManagementHistory(one, noLogger),
      other: new PostgresManagementHistory(other, noLogger),
    };
  });
});
