import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CERTIFICATES } from '../../../../src/adapters/snippets/certificates.ts';
import { type Account, render } from '../../../../src/adapters/snippets/client.ts';
import { DEVICES } from '../../../../src/adapters/snippets/devices.ts';
import { PROGRAMS } from '../../../../src/adapters/snippets/programs.ts';
import { SIGNED } from '../../../../src/adapters/snippets/signed.ts';
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

test('two names in one zone need this zone once, with Kea and dhcpd', () => {
  const domains = ['home.example.net', 'cam.example.net', 'a.lab.example.net'].map((name) =>
    domainName(name),
  );
  for (const id of ['kea', 'dhcpd']) {
    const client = SIGNED.find((one) => one.id === id) ?? assert.fail();
    const text = render(client, { url: new URL('https://ddns.example.net'), user: 'key', domains });
    assert.equal(text.match(/\bexample\.net\.(?=[" ])/g)?.length, 2, text);
    assert.equal(text.match(/\blab\.example\.net\.(?=[" ])/g)?.length, 1, text);
  }
});
