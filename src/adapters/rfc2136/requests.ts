import type { Primary } from '../../application/manage/settings.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import { Opcode, RrType } from '../dns-wire/constants.ts';
import { buildQuery, buildUpdate, type UpdateSections } from '../dns-wire/update-message.ts';

/** A query or an update. */
export type PrimaryRequest = {
  readonly opcode: number;
  /** The name in the question; in an update, the zone. An answer repeats the question, or has none. */
  readonly name: string;
  readonly type: number;
  /** IN unless given. */
  readonly class?: number;
  /** The message without signature; each attempt writes its own id into a copy. */
  readonly message: Buffer;
  /** True to send it without the key, even if there is one. Then the answer proves nothing. */
  readonly unsigned?: boolean;
};

/** A query for the records of one type at a name. */
export function query(name: DomainName, type: number): PrimaryRequest {
  return { opcode: Opcode.QUERY, name, type, message: buildQuery(0, name, type) };
}

/** A query that every primary has an answer to. */
export function anyQuery({ zones: [zone = '' as DomainName] }: Primary): PrimaryRequest {
  return query(zone, RrType.SOA);
}

/** An UPDATE of a zone. Throws a WireFault where it has no form. */
export function update(zone: DomainName, sections: UpdateSections): PrimaryRequest {
  return { opcode: Opcode.UPDATE, name: zone, type: RrType.SOA, message: buildUpdate(0, zone, sections) };
}
