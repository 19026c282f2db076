import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { listenFault } from '../../../../src/adapters/http/listen-fault.ts';

const PLACE = {
  key: 'http.socket',
  socket: { address: { family: 'ipv6', text: '2001:db8::1' }, port: 80 },
} as const;

describe('a socket that cannot be listened on', () => {
  for (const [systemCode, code, remedy] of [
    ['EADDRINUSE', 'HTTP_ADDRESS_IN_USE', 'choose another port'],
    ['EACCES', 'HTTP_ADDRESS_FORBIDDEN', 'choose a port above 1023'],
    ['EADDRNOTAVAIL', 'HTTP_ADDRESS_UNAVAILABLE', 'choose one of its own'],
    ['EAFNOSUPPORT', 'HTTP_ADDRESS_UNAVAILABLE', 'choose one of its own'],
    ['EMFILE', 'HTTP_LISTEN_FAILED', 'EMFILE'],
  ] as const) {
    it(`${systemCode} is ${code}, in one line with the key, the socket and what to do`, () => {
      const cause = Object.assign(new Error('listen'), { code: systemCode });
      const fault = listenFault(cause, PLACE);
      assert.deepEqual([fault.code, fault.cause], [code, cause]);
      assert.match(fault.message, /^http\.socket \[2001:db8::1\]:80: [^\n]+$/);
      assert.ok(fault.message.includes(remedy));
    });
  }
});
