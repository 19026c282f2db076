import assert from 'node:assert/strict';
import { it } from 'node:test';
import { durationText, parseDuration } from '../../../src/domain/duration.ts';
import { valueIn } from '../../support/parsed.ts';

for (const [text, milliseconds] of [
  ['90s', 90_000],
  ['15m', 900_000],
  ['1h', 3_600_000],
  ['30d', 2_592_000_000],
] as const) {
  it(`${text} is a duration, and is written like that again`, () => {
    assert.equal(valueIn(parseDuration(text)), milliseconds);
    assert.equal(durationText(milliseconds), text);
  });
}

it('a duration is written in its largest unit', () => {
  assert.equal(durationText(valueIn(parseDuration('120m'))), '2h');
});

for (const text of [
  '',
  '1',
  'h',
  '0h',
  '-1h',
  '1.5h',
  '1w',
  ' 1h',
  '1h30m',
  '59s',
  '4000d',
  '99999999999d',
]) {
  it(`"${text}" is refused with an example`, () => {
    const parsed = parseDuration(text);
    assert.ok(!parsed.ok);
    assert.match(parsed.reason, /15m, 1h or 30d/);
  });
}
