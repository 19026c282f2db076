import { BoundedMap } from '../../domain/bounded-map.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import { Opcode } from '../dns-wire/constants.ts';
import { buildQuery } from '../dns-wire/update-message.ts';
import type { PrimaryRequest } from './attempt.ts';

/** Earlier queries, some 300 octets each. */
const cache = new BoundedMap<string, PrimaryRequest>(10_000);

/** A query for the records of one type at a name. A repeated one is written once. */
export function query(name: DomainName, type: number): PrimaryRequest {
  const key = `${type} ${name}`;
  let request = cache.get(key);
  if (request === undefined) {
    request = { opcode: Opcode.QUERY, name, type, message: buildQuery({ id: 0, name, type }) };
    cache.set(key, request);
  }
  return request;
}
