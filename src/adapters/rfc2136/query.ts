import { BoundedMap } from '../../domain/bounded-map.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import { Opcode } from '../dns-wire/constants.ts';
import { buildQuery } from '../dns-wire/update-message.ts';
import type { PrimaryRequest } from './attempt.ts';

/** Questions that were asked before, some 300 octets each. */
const kept = new BoundedMap<string, PrimaryRequest>(10_000);

/** A question to the primary itself. One that is asked again and again is written once. */
export function query(name: DomainName, type: number): PrimaryRequest {
  const key = `${type} ${name}`;
  let request = kept.get(key);
  if (request === undefined) {
    request = { opcode: Opcode.QUERY, name, type, message: buildQuery({ id: 0, name, type }) };
    kept.set(key, request);
  }
  return request;
}
