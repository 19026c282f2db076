import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FrameReader, frame } from '../../../../src/adapters/dns-wire/frame-reader.ts';
import { fuzzRuns } from '../../../support/fuzz-runs.ts';

const octets = (length: number) => fc.uint8Array({ maxLength: length }).map((array) => Buffer.from(array));

/** The stream in pieces that end at `cuts`, which may lie anywhere and fall together. */
function cut(stream: Buffer, cuts: readonly number[]): Buffer[] {
  const ends = [...cuts.map((at) => at % (stream.length + 1)), stream.length].sort((a, b) => a - b);
  return ends.map((end, index) => stream.subarray(ends[index - 1] ?? 0, end));
}

function read(pieces: readonly Buffer[]): Buffer[] {
  const frames = new FrameReader();
  return pieces.flatMap((piece) => [...frames.push(piece)]);
}

describe('the frame reader', () => {
  it('yields the same messages however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(octets(300), { maxLength: 8 }),
        fc.array(fc.nat(), { maxLength: 40 }),
        (sent, cuts) => {
          assert.deepEqual(read(cut(Buffer.concat(sent.map(frame)), cuts)), sent);
        },
      ),
      { numRuns: fuzzRuns(500) },
    );
  });

  it('yields the same messages octet by octet', () => {
    const sent = [Buffer.alloc(0), Buffer.from('a'), Buffer.alloc(700, 'b'), Buffer.from('c')];
    const stream = Buffer.concat(sent.map(frame));
    assert.deepEqual(read(Array.from(stream, (octet) => Buffer.of(octet))), sent);
  });

  it('yields each message as soon as its last octet is there', () => {
    const frames = new FrameReader();
    const [first, second] = [Buffer.from('first'), Buffer.from('second')];
    assert.deepEqual([...frames.push(frame(first).subarray(0, 6))], []);
    assert.deepEqual(
      [...frames.push(Buffer.concat([frame(first).subarray(6), frame(second)]))],
      [first, second],
    );
  });

  it('takes messages of 65,535 octets, and never keeps more than one and a piece', () => {
    const longest = Buffer.alloc(0xffff, 7);
    assert.deepEqual(read(cut(Buffer.concat([frame(longest), frame(longest)]), [1, 70_000, 131_071])), [
      longest,
      longest,
    ]);
  });
});
