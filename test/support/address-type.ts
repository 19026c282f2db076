import type { AddressFamily } from '../../src/domain/ip-address.ts';
import type { AddressType } from '../../src/domain/record-set.ts';

export const addressTypeOf = (family: AddressFamily): AddressType => (family === 'ipv4' ? 'A' : 'AAAA');
