import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseMailbox } from '../../../../src/adapters/dns-wire/mailbox.ts';
import { reasonIn, valueIn } from '../../../support/parsed.ts';

describe('A mailbox of the DNS', () => {
  it('is written as an address, or as the name that stands for it', () => {
    assert.equal(valueIn(parseMailbox('hostmaster@example.org')), 'hostmaster.example.org');
    assert.equal(valueIn(parseMailbox('jo.doe@example.org.')), 'jo\\.doe.example.org');
    assert.equal(valueIn(parseMailbox('hostmaster.example.org')), 'hostmaster.example.org');
    for (const text of ['', '@example.org', 'a@b@c', 'a@', 'a b@example.org', 'a..b']) {
      assert.equal(reasonIn(parseMailbox(text)), 'a mailbox is written like hostmaster@example.org');
    }
  });
});
