import assert from 'node:assert/strict';
import { it } from 'node:test';
import { warnOfConfiguration } from '../../../../src/application/check/warn-of-configuration.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import { RecordingLogger } from '../../../fakes/recording-logger.ts';

it('the start warns of a configuration without users, and of each file with secrets that everybody can read', async () => {
  const logger = new RecordingLogger();
  const place = '/etc/dynonym.toml';
  await warnOfConfiguration(
    { atStart: async () => [{ code: 'readable-by-everybody', place }, { code: 'no-users' }] },
    logger,
  );
  assert.deepEqual(
    logger.entries.map(({ level, event, fields }) => [level, event, fields]),
    [
      [
        'warn',
        'Everybody on this machine can read a file that holds secrets; type: chmod o= FILE',
        { file: place },
      ],
      ['warn', 'There are no users, so nobody may change anything', {}],
    ],
  );
});

it('the start warns of zones of [nameserver] that updates do not reach', async () => {
  const logger = new RecordingLogger();
  const zones = [domainName('dyn.example.org')];
  await warnOfConfiguration({ atStart: async () => [{ code: 'zones-bypassed', zones }] }, logger);
  const event =
    '[dns] takes the updates, although [nameserver] serves zones; remove [dns] to put them into the zones';
  assert.deepEqual(
    logger.entries.map(({ level, event, fields }) => [level, event, fields]),
    [['warn', event, { zones }]],
  );
});

it('the start is silent where nothing is wrong', async () => {
  const logger = new RecordingLogger();
  await warnOfConfiguration({ atStart: async () => [] }, logger);
  assert.deepEqual(logger.entries, []);
});
