import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ConfigurationFinding } from '../../../../src/application/check/check-configuration.ts';
import { WarnOfConfiguration } from '../../../../src/application/check/warn-of-configuration.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import { RecordingLogger } from '../../../fakes/recording-logger.ts';

const open = (place: string): ConfigurationFinding => ({ code: 'readable-by-everybody', place });
const OPEN = open('/etc/dynonym.toml');
const NO_USERS: ConfigurationFinding = { code: 'no-users' };

/** A server whose configuration the test changes. */
function warning(settings: readonly ConfigurationFinding[], users: readonly ConfigurationFinding[] = []) {
  const found = { settings, users };
  const asked = { users: 0 };
  const logger = new RecordingLogger();
  const check = {
    ofSettings: async () => [...found.settings],
    ofUsers: async () => {
      asked.users += 1;
      return found.users;
    },
  };
  /** What was logged since the last call. */
  const logged = () =>
    logger.entries.splice(0).map(({ level, event, fields }) => [level, event, fields] as const);
  return { found, asked, logged, warn: new WarnOfConfiguration(check, logger) };
}

describe('the start', () => {
  it('warns of a configuration without users, and of each file with secrets that everybody can read', async () => {
    const { logged, warn } = warning([OPEN], [NO_USERS]);
    await warn.start();
    assert.deepEqual(logged(), [
      [
        'warn',
        'Everybody on this machine can read a file that holds secrets; type: chmod o= FILE',
        { file: '/etc/dynonym.toml' },
      ],
      ['warn', 'There are no users, so nobody may change anything', {}],
    ]);
  });

  it('warns of zones of [nameserver] that updates do not reach', async () => {
    const zones = [domainName('dyn.example.org')];
    const { logged, warn } = warning([{ code: 'zones-bypassed', zones }]);
    await warn.start();
    const event =
      '[dns] takes the updates, although [nameserver] serves zones; remove [dns] to put them into the zones';
    assert.deepEqual(logged(), [['warn', event, { zones }]]);
  });

  it('is silent where nothing is wrong', async () => {
    const { logged, warn } = warning([]);
    await warn.start();
    assert.deepEqual(logged(), []);
  });
});

describe('while the server runs', () => {
  it('what stays true is not repeated, and what becomes true again is', async () => {
    const { found, logged, warn } = warning([OPEN], [NO_USERS]);
    await warn.start();
    logged();
    await warn.again({ users: true });
    assert.deepEqual(logged(), []);

    found.settings = [open('/etc/a.key'), OPEN];
    await warn.again({ users: true });
    assert.deepEqual(
      logged().map(([, , fields]) => fields),
      [{ file: '/etc/a.key' }],
    );

    Object.assign(found, { settings: [], users: [] });
    await warn.again({ users: true });
    Object.assign(found, { settings: [OPEN], users: [NO_USERS] });
    await warn.again({ users: true });
    assert.deepEqual(
      logged().map(([, event]) => event),
      [
        'Everybody on this machine can read a file that holds secrets; type: chmod o= FILE',
        'There are no users, so nobody may change anything',
      ],
    );
  });

  it('users are looked at only when they may have changed', async () => {
    const { found, asked, logged, warn } = warning([]);
    await warn.start();
    found.users = [NO_USERS];
    await warn.again({ users: false });
    assert.deepEqual([asked.users, logged()], [1, []]);
    await warn.again({ users: true });
    await warn.again({ users: false });
    assert.deepEqual([asked.users, logged().length], [2, 1]);
  });

  it('nothing is said where there was no start', async () => {
    const { logged, warn } = warning([OPEN], [NO_USERS]);
    await warn.again({ users: true });
    assert.deepEqual(logged(), []);
  });
});
