import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseTsigKeyFile } from '../../../../src/adapters/cli/tsig-key-file.ts';
import { reasonIn, valueIn } from '../../../support/parsed.ts';

/** What `keymgr -t dynonym hmac-sha256` of Knot 3.2 writes. */
const FILE = `# hmac-sha256:dynonym:bm90IGEgc2VjcmV0IQ==
key:
  - id: dynonym
    algorithm: hmac-sha256
    secret: bm90IGEgc2VjcmV0IQ==
`;

describe('a key file of Knot', () => {
  it('is read as one of BIND is', () => {
    const { name, algorithm, secret } = valueIn(parseTsigKeyFile(FILE));
    assert.deepEqual(
      [name, algorithm, Buffer.from(secret).toString()],
      ['dynonym', 'hmac-sha256', 'not a secret!'],
    );
  });

  it('with a bad value is refused without repeating it', () => {
    const reason = reasonIn(parseTsigKeyFile(FILE.replaceAll('bm90IGEgc2VjcmV0IQ==', 'bm90IGEgc2VjcmV0IQ')));
    assert.ok(!reason.includes('bm90'), reason);
    assert.match(reasonIn(parseTsigKeyFile(FILE.replaceAll('hmac-sha256', 'hmac-sha3'))), /algorithm/);
  });

  it('with quotes and with the ends of lines of Windows is read too', () => {
    const quoted = FILE.replace('id: dynonym', 'id: "dynonym"').replaceAll('\n', '\r\n');
    assert.equal(valueIn(parseTsigKeyFile(quoted)).name, 'dynonym');
  });

  for (const [what, text] of [
    ['two keys', FILE + FILE.replace('key:\n', '')],
    ['other sections', `server:\n    listen: 192.0.2.53@53\n${FILE}`],
    ['a key without a secret', FILE.replace(/ +secret.*\n/, '')],
  ] as const) {
    it(`with ${what} is told to be a configuration of Knot`, () => {
      assert.match(reasonIn(parseTsigKeyFile(text)), /^it is a configuration of Knot; leave one key in it/);
    });
  }
});
