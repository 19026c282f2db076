import assert from 'node:assert/strict';
import { it } from 'node:test';
import { signMessage } from '../../../src/adapters/dns-wire/tsig.ts';
import { buildUpdate, updateSectionsOf } from '../../../src/adapters/dns-wire/update-message.ts';
import { domainName } from '../../../src/domain/domain-name.ts';
import { type IpAddress, parseIpAddress } from '../../../src/domain/ip-address.ts';
import { ttl } from '../../../src/domain/ttl.ts';
import { replacing } from '../../support/changes.ts';
import { valueIn } from '../../support/parsed.ts';
import { keyOf, signedUpdate } from './golden.ts';

const addresses = (text: string): IpAddress[] => [valueIn(parseIpAddress(text))];

it('writes and signs an UPDATE as signed-update.hex has it', () => {
  const update = buildUpdate(
    0x1234,
    domainName('dyn.example.test'),
    updateSectionsOf([
      replacing(
        domainName('h1.dyn.example.test'),
        { type: 'A', ttl: ttl(60), values: addresses('192.0.2.7'), replaces: addresses('192.0.2.1') },
        { type: 'AAAA', ttl: ttl(60), values: addresses('2001:db8::7'), replaces: [] },
      ),
      replacing(domainName('h2.dyn.example.test'), { type: 'A', ttl: ttl(60), values: [] }),
    ]),
  );
  const key = keyOf({
    name: 'dyn-key',
    algorithm: 'hmac-sha256',
    secret: 'dyn-key-secret-dyn-key-secret-dy',
  });
  assert.deepEqual(signMessage(update, key, { time: 1_795_351_147 }).octets, signedUpdate());
});
