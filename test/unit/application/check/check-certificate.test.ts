import assert from 'node:assert/strict';
import { it } from 'node:test';
import { CheckCertificate } from '../../../../src/application/check/check-certificate.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';

const DAY = 24 * 3_600_000;
const NOW = Date.UTC(2026, 0, 1);

/** What is found of a certificate whose renewal and end are so many days away. */
async function findingOf(renewal: number | undefined, end: number | undefined, isGood = true) {
  const at = (days: number | undefined) => (days === undefined ? undefined : NOW + days * DAY);
  const health = {
    state: async () => ({ notAfter: at(end), renewal: at(renewal), isGood, failures: 0, trouble: undefined }),
  };
  return (await new CheckCertificate(health, new ManualClock(NOW), true).run())?.finding;
}

it('a certificate is missing, not good, or overdue when half of what was left at its renewal is over', async () => {
  assert.equal(await findingOf(undefined, undefined, false), 'certificate-missing');
  assert.equal(await findingOf(-31, -1, false), 'certificate-expired');
  assert.equal(await findingOf(-16, 14), 'certificate-overdue');
  assert.equal(await findingOf(-14, 16), undefined);
  // Somebody else renews it.
  assert.equal(await findingOf(undefined, 1), undefined);
});

it('nothing is said of a certificate where there is no HTTPS', async () => {
  const health = { state: async () => undefined };
  assert.equal(await new CheckCertificate(health, new ManualClock(NOW), false).run(), undefined);
});
