import { BoundedMap } from '../../../domain/bounded-map.ts';
import { Rcode, RrClass, RrType } from '../../dns-wire/constants.ts';
import { lowerName } from '../../dns-wire/name.ts';
import { lastingCopy } from '../../dns-wire/octets.ts';
import { type BareReply, questionOctets, type Request, roomFor } from '../request.ts';
import type { Zone } from '../zone.ts';
import type { SoaRrset } from '../zone-data.ts';
import type { ZoneStoreFace } from '../zone-store.ts';
import { type Answer, answerQuery, zoneFor } from './answer-query.ts';
import { Flag, MessageWriter, type Section, type SectionRrset } from './message-writer.ts';

/** Octets. A larger answer is not cached: it does not fit into UDP. */
const MAX_CACHED = 1232;
/** With the octets above, at most about 10 MB. */
const MAX_ANSWERS = 10_000;

/**
 * An answer is valid for one version of its zone. Every version has a SOA object of its own, so the SOA tells the
 * version.
 */
type CachedAnswer = { readonly octets: Buffer; readonly zone: Zone; readonly soa: SoaRrset };

/** Answers queries from the zones. The replies are not yet sealed. */
export function queryResponder(zones: Pick<ZoneStoreFace, 'closest'>): (request: Request) => BareReply {
  /** By the octets of the questions. */
  const cache = new BoundedMap<string, CachedAnswer>(MAX_ANSWERS);

  return (request) => {
    const octets = questionOctets(request.message);
    const key = octets.toString('latin1');
    const room = roomFor(request);
    const known = cache.get(key);
    if (known !== undefined && known.zone.soa === known.soa && known.octets.length <= room)
      return known.octets;

    const [question] = request.message.questions;
    if (question === undefined) return rcodeWithoutQuestion(request);
    const rcode = rcodeOfType(question.type);
    if (rcode !== Rcode.NOERROR) return rcode;
    const zone =
      question.class === RrClass.IN ? zoneFor(zones, lowerName(question.name), question.type) : undefined;
    if (zone === undefined) return Rcode.REFUSED;

    const answer = writeAnswer(answerQuery(zones, zone, question.name, question.type), octets, room);
    if (!answer.truncated && answer.octets.length <= MAX_CACHED) {
      cache.set(key, { octets: lastingCopy(answer.octets), zone, soa: zone.soa });
    }
    return answer.octets;
  };
}

/**
 * The octets of an answer with the id 0, at most `limit` of them. Each RRset is in it whole or not at all. TC says that
 * one is missing that the answer needs (RFC 2181 section 9).
 */
function writeAnswer(
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

/** RFC 7873 section 5.4: a query without a question asks for a cookie. */
function rcodeWithoutQuestion({ cookie }: Request): number {
  return cookie === undefined ? Rcode.FORMERR : Rcode.NOERROR;
}

/** ANY is answered, and transfers are answered elsewhere. All other types that no record can have get an error. */
function rcodeOfType(type: number): number {
  switch (type) {
    case RrType.OPT:
    case RrType.TKEY:
    case RrType.TSIG:
      return Rcode.FORMERR;
    case RrType.MAILA:
    case RrType.MAILB:
      return Rcode.NOTIMP;
    default:
      return Rcode.NOERROR;
  }
}
