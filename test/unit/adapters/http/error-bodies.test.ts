import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ALICE, BOBHOST, CAM, HOME, NAS, type RequestOptions, startService } from './service.ts';

/** What inadyn takes for success wherever it stands in a body, in any case. */
const WORDS = ['ok', 'good', 'true', 'updated', 'success', 'nochg'];
const SUCCESS = new RegExp(WORDS.join('|'), 'i');

const USUAL = { method: 'GET', as: ALICE, accept: '*/*', body: undefined } as const;

describe('the bodies of errors', () => {
  const word = fc.oneof(
    fc.constantFrom(
      ...WORDS,
      'OK',
      'Good',
      HOME,
      CAM,
      NAS,
      BOBHOST,
      'ok.example.org',
      '203.0.113.7',
      'token',
      '',
    ),
    fc.string({ maxLength: 8 }),
  );
  const words = fc.array(word, { maxLength: 3 }).map((items) => items.join(','));
  const key = fc.oneof(
    fc.constantFrom(
      'hostname',
      'domain',
      'myip',
      'myipv6',
      'ipv4',
      'ipv6',
      'prefix',
      'offline',
      'host_id',
      'myipv6:ok',
    ),
    word,
  );
  const query = fc
    .array(fc.tuple(key, words), { maxLength: 5 })
    .map((pairs) =>
      pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&'),
    );
  const path = fc.oneof(
    fc.constantFrom(
      '/nic/update',
      '/v3/update',
      '/update',
      '/dyndns/update',
      '/nic/dyndns',
      '/',
      '/dns/update',
      '/ip',
      '/nic/update%20',
    ),
    word.map((text) => `/${encodeURIComponent(text)}`),
  );
  const request = fc.record({
    method: fc.constantFrom('GET', 'GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'),
    as: fc.oneof(
      fc.constant(ALICE),
      fc.constant(ALICE),
      fc.constantFrom('Bearer ok', 'Basic b2s6b2s=', 'good'),
    ),
    accept: fc.constantFrom('*/*', 'application/json', 'good/ok'),
    body: fc.option(query, { nil: undefined }),
  });

  it('hold no word that a client takes for success, whatever was sent', async () => {
    const { ask, dns, clock } = await startService();
    dns.fail('apply', CAM, 'DNS_TIMEOUT');
    dns.fail('apply', NAS, 'DNS_REFUSED');
    const statuses = new Set<number>();
    await fc.assert(
      fc.asyncProperty(path, query, request, async (where, parameters, { accept, body, ...options }) => {
        const sent: RequestOptions = {
          ...options,
          headers: { Accept: accept },
          ...(body !== undefined && options.method !== 'GET' && { body }),
        };
        // So that failures are not so many that nothing is judged any more.
        await clock.advance(10 * 60_000);
        const answer = await ask(`${where}?${parameters}`, sent);
        statuses.add(answer.status);
        // A line about a name that succeeded stands beside a 911 too: the status is what makes clients come back.
        const errors = answer.body
          .split('\n')
          .filter((line) => !/^(?:good|nochg)( [\da-f.:,/]+)?$/.test(line));
        if (answer.status !== 200) assert.doesNotMatch(errors.join('\n'), SUCCESS);
      }),
      {
        numRuns: 500,
        examples: [
          ['/nic/update', `hostname=${HOME}`, USUAL],
          ['/nic/update', `hostname=ok.example.org`, USUAL],
          ['/nic/update', 'myip=good', USUAL],
          ['/dns/update', `domain=${BOBHOST}`, USUAL],
          ['/dns/update', '', { ...USUAL, as: 'Bearer ok' }],
          ['/dns/update', '', { ...USUAL, method: 'DELETE' as const }],
        ],
      },
    );
    for (const status of [200, 400, 401, 403, 404, 405])
      assert.ok(statuses.has(status), `${status} occurred`);
  });

  it('of an update that failed neither', async () => {
    const { ask, dns, users } = await startService();
    dns.fail('apply', CAM, 'DNS_TIMEOUT');
    const { find } = users;
    for (const Accept of ['*/*', 'application/json']) {
      for (const target of [`/dns/update?domain=${CAM}`, `/nic/update?hostname=${CAM}`]) {
        users.find = find;
        const failed = await ask(target, { as: ALICE, headers: { Accept } });
        users.find = () => Promise.reject(new Error('not ok'));
        const broken = await ask(target, { as: ALICE, headers: { Accept } });
        for (const { status, body } of [failed, broken]) {
          assert.ok(status >= 500);
          assert.doesNotMatch(body, SUCCESS);
        }
      }
    }
  });
});
