import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseRequestTarget } from '../../../../src/adapters/http/request-target.ts';

describe('parseRequestTarget', () => {
  for (const [target, path, query] of [
    ['/ip', '/ip', ''],
    ['/ip?', '/ip', ''],
    ['/nic/update?hostname=a&myip=b', '/nic/update', 'hostname=a&myip=b'],
    ['/nic/update?password=a?b', '/nic/update', 'password=a?b'],
    ['//nic/update?url=http://x//y', '/nic/update', 'url=http://x//y'],
    ['///nic////update//', '/nic/update/', ''],
    ['http://example.org/ip', '/ip', ''],
    ['HTTPS://user:secret@example.org:8443/ip?x=1', '/ip', 'x=1'],
    ['http://example.org', '/', ''],
    ['http://example.org?hostname=a', '/', 'hostname=a'],
    ['http://[2001:db8::1]:8053//ip', '/ip', ''],
    ['/http://example.org/ip', '/http:/example.org/ip', ''],
    ['/nic/update%20http:/x', '/nic/update%20http:/x', ''],
    ['/%2e%2e/ip', '/%2e%2e/ip', ''],
    ['/\\a\\b?c\\d', '/%5Ca%5Cb', 'c\\d'],
    ['//\\//a', '/%5C/a', ''],
    ['*', '*', ''],
    ['example.org:443', 'example.org:443', ''],
    ['', '/', ''],
    ['?hostname=a', '/', 'hostname=a'],
  ] as const) {
    it(`"${target}" is the path "${path}" and the query "${query}"`, () => {
      assert.deepEqual(parseRequestTarget(target), { path, query });
    });
  }

  it('no target fails, no path has a query, an empty segment or a host', () => {
    const piece = fc.constantFrom('/', '//', '?', 'http://', 'h', ':', '@', '%00', '%', '#', '\\', '*', 'é');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const { path } = parseRequestTarget(pieces.join(''));
        assert.notEqual(path, '');
        assert.doesNotMatch(path, /\?|\/\/|\\/);
      }),
    );
  });

  it('slashes too many change nothing', () => {
    const segments = fc.array(fc.stringMatching(/^[a-z.%]{1,5}$/), { minLength: 1, maxLength: 4 });
    const query = fc.stringMatching(/^[a-z/=&%?]*$/);
    fc.assert(
      fc.property(segments, query, fc.integer({ min: 1, max: 5 }), (names, tail, slashes) => {
        const written = names.map((name) => '/'.repeat(slashes) + name).join('');
        assert.deepEqual(parseRequestTarget(`${written}?${tail}`), {
          path: `/${names.join('/')}`,
          query: tail,
        });
      }),
    );
  });
});
