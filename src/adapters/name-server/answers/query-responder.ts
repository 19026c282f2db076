import { Rcode, RrClass, RrType } from '../../dns-wire/constants.ts';
import { lowerName } from '../../dns-wire/name.ts';
import { bareReply, questionOctets, type Request, roomFor } from '../request.ts';
import type { ZoneStoreFace } from '../zone-store.ts';
import { AnswerCache } from './answer-cache.ts';
import { answerQuery, zoneFor } from './answer-query.ts';
import { writeAnswer } from './write-answer.ts';

/** What is not kept as octets: it is too large for UDP anyway. */
const MAX_CACHED = 1232;

/** Answers questions about data of the zones. */
export class QueryResponder {
  readonly #zones: Pick<ZoneStoreFace, 'closest'>;
  readonly #cache = new AnswerCache();

  constructor(zones: Pick<ZoneStoreFace, 'closest'>) {
    this.#zones = zones;
  }

  /** The reply before it is sealed. */
  respond(request: Request): Buffer {
    const octets = questionOctets(request.message);
    const key = octets.toString('latin1');
    const room = roomFor(request);
    const known = this.#cache.find(key);
    if (known !== undefined && known.length <= room) return known;

    const [question] = request.message.questions;
    if (question === undefined) return bareReply(octets, rcodeWithoutQuestion(request));
    const rcode = rcodeOfType(question.type);
    if (rcode !== Rcode.NOERROR) return bareReply(octets, rcode);
    const zone =
      question.class === RrClass.IN
        ? zoneFor(this.#zones, lowerName(question.name), question.type)
        : undefined;
    if (zone === undefined) return bareReply(octets, Rcode.REFUSED);

    const answer = writeAnswer(answerQuery(this.#zones, zone, question.name, question.type), octets, room);
    if (!answer.truncated && answer.octets.length <= MAX_CACHED) this.#cache.keep(key, zone, answer.octets);
    return answer.octets;
  }
}

/** RFC 7873 section 5.4: to ask for nothing but a cookie is a question too. */
function rcodeWithoutQuestion({ cookie }: Request): number {
  return cookie === undefined ? Rcode.FORMERR : Rcode.NOERROR;
}

/** Types that no record has, but for ANY; transfers have their own way. */
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
