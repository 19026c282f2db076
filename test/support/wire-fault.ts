import assert from 'node:assert/strict';
import { WireFault, type WireFaultCode } from '../../src/adapters/dns-wire/wire-fault.ts';

/** For `assert.throws`: a fault of this code that says so. */
export function wireFault(code: WireFaultCode, message: RegExp): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof WireFault, `no WireFault but ${error}`);
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  };
}
