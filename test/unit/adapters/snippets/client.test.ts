import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CERTIFICATES } from '../../../../src/adapters/snippets/certificates.ts';
import { type Account, render } from '../../../../src/adapters/snippets/client.ts';
import { DEVICES } from '../../../../src/adapters/snippets/devices.ts';
import { PROGRAMS } from '../../../../src/adapters/snippets/programs.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';

describe('a secret in a snippet', () => {
  const account: Account = {
    url: new URL('https://ddns.example.net'),
    user: 'bob',
    domains: [domainName('home.example.net')],
  };

  for (const client of [...DEVICES, ...PROGRAMS, ...CERTIFICATES]) {
    test(`stands in place of the word for it, and nowhere else: ${client.id}`, () => {
      const secret = 'T0ken-of_router';
      const text = render(client, { ...account, secret });
      const word = /\bSECRET\b/.test(render(client, account)) ? 'SECRET' : 'PASSWORD';
      assert.ok(text.includes(secret), text);
      assert.doesNotMatch(text, new RegExp(`\\b${word}\\b`));
      assert.equal(text.replaceAll(secret, word), render(client, account));
    });
  }

  test('does not come into a user name that has the word in it', () => {
    const curl = PROGRAMS.find(({ id }) => id === 'curl') ?? assert.fail();
    const text = render(curl, { ...account, user: 'my PASSWORD', secret: 'T0ken' });
    assert.match(text, /'my PASSWORD:T0ken'/);
  });
});
