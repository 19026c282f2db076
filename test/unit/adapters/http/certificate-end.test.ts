import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { tellOfEnd } from '../../../../src/adapters/http/certificate-end.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { RecordingEvents } from '../../../fakes/recording-events.ts';
import { type Certificate, createAuthority, issue } from '../../../support/certificates.ts';

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

  it('is not told of what is no certificate, which those report who use it', async () => {
    writeFileSync(`${issued.certificateFile}.bad`, 'nothing');
    for (const file of ['.bad', '.none']) {
      assert.deepEqual(await lookAt(end, `${issued.certificateFile}${file}`), []);
    }
  });
});
