import type { DomainName } from '../../domain/domain-name.ts';
import { Opcode } from '../dns-wire/constants.ts';
import { buildQuery } from '../dns-wire/update-message.ts';
import type { PrimaryRequest } from './attempt.ts';

/** A question to the primary itself. */
export function query(name: DomainName, type: number): PrimaryRequest {
  return { opcode: Opcode.QUERY, name, type, message: buildQuery({ id: 0, name, type }) };
}
