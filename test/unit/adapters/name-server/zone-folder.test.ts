import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ZoneFolder } from '../../../../src/adapters/name-server/zone-folder.ts';
import { SystemClock } from '../../../../src/adapters/system/system-clock.ts';
import { noLogger } from '../../../../src/application/ports/logger.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import { MemoryLockPlace, MemoryProcessLock } from '../../../fakes/memory-process-lock.ts';
import { EXAMPLE_ZONE } from '../../../support/served/zones.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

describe('ZoneFolder', () => {
  const folder = tempFolder();
  const ports = {
    lock: new MemoryProcessLock(new MemoryLockPlace(1), 1),
    clock: new SystemClock(),
    logger: noLogger,
  };
  const archive = new ZoneFolder({ data: folder, zones: [] }, ports);
  writeFileSync(join(folder, 'example.org.zone'), EXAMPLE_ZONE);

  for (const [label, obstacle] of [
    ['www', undefined],
    ['missing', undefined],
    ['outside', { kind: 'alias', at: 'outside.example.org', to: 'www.example.net' }],
    ['host.old', { kind: 'alias', at: 'old.example.org', to: undefined }],
    ['host.sub', { kind: 'delegation', at: 'sub.example.org' }],
    ['sub', { kind: 'delegation', at: 'sub.example.org' }],
  ] as const) {
    it(`knows what keeps a record from being seen at ${label}.example.org: ${obstacle?.kind ?? 'nothing'}`, async () => {
      const name = domainName(`${label}.example.org`);
      assert.deepEqual(await archive.obstacleAt(domainName('example.org'), name), obstacle);
    });
  }

  it('knows of no obstacle in a zone that has not begun', async () => {
    assert.equal(
      await archive.obstacleAt(domainName('example.net'), domainName('www.example.net')),
      undefined,
    );
  });
});
