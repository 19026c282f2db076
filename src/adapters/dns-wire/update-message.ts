import type { DomainName } from '../../domain/domain-name.ts';
import { addsRecords, type NameChange, type RecordType, type RecordValue } from '../../domain/record-set.ts';
import { Opcode, RrClass, RrType } from './constants.ts';
import { rdataOf } from './record-value.ts';
import { type OutgoingRecord, writeMessage } from './write-message.ts';

const NOTHING = Buffer.alloc(0);

/** The prerequisite and the update section of an UPDATE (RFC 2136 section 2). */
export type UpdateSections = {
  readonly prerequisites: readonly OutgoingRecord[];
  readonly updates: readonly OutgoingRecord[];
};

/**
 * The records of an UPDATE with `changes`. Each name should occur once, because name servers differ in the order of
 * deletions and additions.
 */
export function updateSectionsOf(changes: readonly NameChange[]): UpdateSections {
  const prerequisites: OutgoingRecord[] = [];
  const updates: OutgoingRecord[] = [];
  for (const change of changes) {
    if (addsRecords(change)) prerequisites.push(absence(change.name, RrType.CNAME));
    addCondition(change, prerequisites);
    addChanges(change, updates);
  }
  return { prerequisites, updates };
}

/** One UPDATE, which makes all changes or none of them (RFC 2136 section 3.4.2.7). */
export function buildUpdate(
  id: number,
  zone: DomainName,
  { prerequisites, updates }: UpdateSections,
): Buffer {
  return writeMessage({
    id,
    opcode: Opcode.UPDATE,
    question: { name: zone, type: RrType.SOA, class: RrClass.IN },
    answers: prerequisites,
    authorities: updates,
  });
}

/** A query to an authoritative server, without recursion. */
export function buildQuery(id: number, name: DomainName, type: number): Buffer {
  return writeMessage({ id, opcode: Opcode.QUERY, question: { name, type, class: RrClass.IN } });
}

/** RFC 2136 section 2.4.2, 2.4.3: each RRset has exactly these values, or does not exist where there are none. */
function addCondition({ name, condition }: NameChange, to: OutgoingRecord[]): void {
  for (const { type, values } of condition) {
    if (values.length === 0) to.push(absence(name, RrType[type]));
    for (const value of values) to.push(record(name, type, value, RrClass.IN, 0));
  }
}

/** RFC 2136 section 2.5. A replacement deletes the whole RRset, and then adds the new values. */
function addChanges({ name, changes }: NameChange, to: OutgoingRecord[]): void {
  for (const { kind, type, ttl, values } of changes) {
    if (kind === 'replace') {
      to.push({ name, type: RrType[type], class: RrClass.ANY, ttl: 0, rdata: NOTHING });
    }
    for (const value of values) {
      to.push(
        kind === 'remove'
          ? record(name, type, value, RrClass.NONE, 0)
          : record(name, type, value, RrClass.IN, ttl),
      );
    }
  }
}

function absence(name: DomainName, type: number): OutgoingRecord {
  return { name, type, class: RrClass.NONE, ttl: 0, rdata: NOTHING };
}

function record(
  name: DomainName,
  type: RecordType,
  value: RecordValue,
  rrClass: number,
  ttl: number,
): OutgoingRecord {
  return { name, type: RrType[type], class: rrClass, ttl, rdata: rdataOf(value) };
}
