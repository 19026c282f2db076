import type { Answer } from './answer-query.ts';
import { MessageWriter, type Section, type SectionRrset } from './message-writer.ts';

/** Bits of the second word of the header (RFC 1035 section 4.1.1). */
export const Flag = { QR: 0x8000, AA: 0x0400, TC: 0x0200 } as const;

/**
 * The octets of an answer, with the id 0, in at most `limit` octets: RRsets are in it whole or not at all, and
 * TC says that one is missing which the answer needs (RFC 2181 section 9).
 */
export function writeAnswer(
  answer: Answer,
  question: Buffer,
  limit: number,
): { readonly octets: Buffer; readonly truncated: boolean } {
  const writer = new MessageWriter(question, limit);
  const addAll = (section: Section, rrsets: readonly SectionRrset[]) =>
    rrsets.every((rrset) => writer.add(section, rrset));
  const truncated = !(
    addAll('answer', answer.answers) &&
    addAll('authority', answer.authorities) &&
    addAll('additional', answer.glue)
  );
  if (!truncated) addAll('additional', answer.additionals);
  const flags = Flag.QR | (answer.authoritative ? Flag.AA : 0) | (truncated ? Flag.TC : 0) | answer.rcode;
  return { octets: writer.finish(flags), truncated };
}
