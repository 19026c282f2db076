import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { tellOfEnd } from '../../../../src/adapters/http/certificate-end.ts';
import { selfSigned } from '../../../../src/adapters/http/self-signed.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { RecordingEvents } from '../../../fakes/recording-events.ts';
import { type Certificate, createAuthority, issue } from '../../../support/certificates.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const HOUR = 3_600_000;

let issued: Certificate;
/** Its life is a day. */
let end: number;

before(async () => {
  const authority = await createAuthority('authority of the tests');
  issued = await issue(authority, 'DNS:a.example.org', 'DNS:b.example.org', 'IP:192.0.2.1');
  end = Date.parse(new X509Certificate(issued.pem).validTo);
});

async function lookAt(now: number, file = issued.certificateFile) {
  const events = new RecordingEvents();
  await tellOfEnd(file, new ManualClock(now), events);
  return events.told;
}

describe('the end of a certificate', () => {
  it('is told in the last sixth of its life, and not before', async () => {
    assert.deepEqual(await lookAt(end - 5 * HOUR), []);
    const names = ['a.example.org', 'b.example.org', '192.0.2.1'];
    for (const now of [end - 3 * HOUR, end + HOUR]) {
      assert.deepEqual(await lookAt(now), [{ kind: 'certificate-ending', at: now, names, until: end }]);
    }
  });

  it('is told in the last thirty days of a long life', async () => {
    const clock = new ManualClock();
    const { cert } = await selfSigned(['a.example.org'], clock);
    const file = join(tempFolder(), 'certificate.pem');
    writeFileSync(file, String(cert));
    const year = clock.now() + 365 * 24 * HOUR;
    assert.deepEqual(await lookAt(year - 31 * 24 * HOUR, file), []);
    assert.equal((await lookAt(year - 29 * 24 * HOUR, file)).length, 1);
  });

  it('is not told of what is no certificate, which those report who use it', async () => {
    writeFileSync(`${issued.certificateFile}.bad`, 'nothing');
    for (const file of ['.bad', '.none']) {
      assert.deepEqual(await lookAt(end, `${issued.certificateFile}${file}`), []);
    }
  });
});
