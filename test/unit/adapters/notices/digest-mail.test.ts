import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { digestOf } from '../../../../src/adapters/notices/digest-mail.ts';
import { noticeNamed } from '../../../support/notices.ts';

const AT = Date.UTC(2026, 0, 1);
const silent = (name: string) =>
  noticeNamed('1', name, {
    event: 'silent',
    text: `${name} has not been reported for 3 min`,
    facts: { name, since: AT - 180_000 },
  });
const [HOME, CAM] = [silent('home.example.org'), silent('cam.example.org')];
const web = 'https://dyn.example.org';

describe('The digest', () => {
  it('for the operator has the notices alone', () => {
    assert.deepEqual(digestOf([HOME], { language: undefined, web }), {
      subject: 'dynonym: home.example.org has not been reported for 3 min',
      text: '2026-01-01T00:00:00.000Z  home.example.org has not been reported for 3 min.\n',
      stopAt: undefined,
    });
  });

  it('for a user says at its end why it comes and where to stop it', () => {
    const { subject, text, stopAt } = digestOf([HOME, CAM], { language: 'en', web });
    assert.equal(subject, 'dynonym: 2 notices');
    assert.equal(stopAt, 'https://dyn.example.org/account');
    const [home, cam, , mark, why, ...rest] = text.split('\n');
    assert.equal(home, '2026-01-01T00:00:00.000Z  home.example.org has not been reported for 3 min.');
    assert.equal(cam, '2026-01-01T00:00:00.000Z  cam.example.org has not been reported for 3 min.');
    assert.equal(mark, '-- ');
    assert.match(why ?? '', /because a user of dyn\.example\.org .* https:\/\/dyn\.example\.org\/account$/);
    assert.deepEqual(rest, ['']);
  });

  it('is written in the language of the user', () => {
    const { subject, text } = digestOf([HOME], { language: 'de', web });
    assert.equal(subject, 'dynonym: home.example.org wurde seit 3 min nicht gemeldet');
    assert.match(
      text,
      /^2026-01-01T00:00:00\.000Z {2}home\.example\.org wurde seit 3 min nicht gemeldet\.$/m,
    );
    assert.match(text, /^Diese Mail kommt, weil .* https:\/\/dyn\.example\.org\/account$/m);
    assert.equal(digestOf([HOME, CAM], { language: 'de', web }).subject, 'dynonym: 2 Mitteilungen');
  });

  it('names no page where there is none', () => {
    for (const language of ['en', 'de'] as const) {
      const { text, stopAt } = digestOf([HOME], { language, web: undefined });
      assert.equal(stopAt, undefined);
      assert.match(text, /operator|Betreiber/);
      assert.doesNotMatch(text, /https:|undefined/);
    }
  });
});
