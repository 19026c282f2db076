import type { ProbeSubject } from '../../../application/ports/primary-probe.ts';
import { type DomainName, isAtOrBelow, parentOf } from '../../../domain/domain-name.ts';
import { Rcode, RrType } from '../../dns-wire/constants.ts';
import type { Message } from '../../dns-wire/message.ts';
import { query } from '../query.ts';
import { ownerOf, referralIn, type Soa, soaIn, targetOf } from '../read-message.ts';
import type { Channel } from './channel.ts';
import { doubtful, strange, type Trouble, trouble } from './trouble.ts';

/** Where a name lies, by what the primary says of itself. */
export type Located = {
  readonly kind: 'located';
  readonly soa: Soa;
  /** The alias that hides the name's own records, if there is one. */
  readonly alias: Trouble | undefined;
};

/** A chain of aliases is walked up so many labels. */
const MAX_STEPS = 16;

/**
 * The SOA record that comes with any authoritative answer names the zone: in the answer section at its apex,
 * in the authority section below. An alias may hide it, so the name above is asked too. Unsigned, so that a
 * key that is wrong does not get in the way.
 */
export async function locate(channel: Channel, { name, zone }: ProbeSubject): Promise<Located | Trouble> {
  let alias: Trouble | undefined;
  let at = name;
  for (let step = 0; step < MAX_STEPS && at !== ''; step += 1) {
    const heard = await channel.ask(query(at, RrType.SOA));
    if (heard.kind === 'trouble') return heard;
    if (heard.kind !== 'answer') return doubtful({ cause: { code: 'not-verified' } });
    const { message } = heard;
    const refusal = refusalIn(message, at, zone);
    if (refusal !== undefined) return refusal;
    const found = aliasIn(message, at);
    alias ??= found;
    const soa = found === undefined ? soaIn(message) : undefined;
    if (soa !== undefined && isAtOrBelow(name, soa.zone)) {
      return misplaced(soa.zone, zone) ?? { kind: 'located', soa, alias };
    }
    at = parentOf(at);
  }
  return trouble({ code: 'not-authoritative' });
}

/** Why the answer is not that of a primary. */
function refusalIn(message: Message, name: DomainName, zone: DomainName | undefined): Trouble | undefined {
  const { rcode, aa, ra } = message;
  const isAnswer = rcode === Rcode.NOERROR || rcode === Rcode.NXDOMAIN;
  if (isAnswer && aa) return undefined;
  if (ra) return trouble({ code: 'resolver' });
  if (isAnswer) return delegationIn(message, name, zone) ?? trouble({ code: 'not-authoritative' });
  if (rcode === Rcode.REFUSED || rcode === Rcode.NOTAUTH) return trouble({ code: 'not-authoritative' });
  return strange(rcode);
}

/** A referral to whoever has the name. One to a parent of the configured zone only says "not me". */
function delegationIn(message: Message, name: DomainName, zone: DomainName | undefined): Trouble | undefined {
  const to = referralIn(message, name);
  if (to === undefined) return undefined;
  if (zone !== undefined && to.zone !== zone && isAtOrBelow(zone, to.zone)) return undefined;
  return trouble({ code: 'delegated-elsewhere', to: to.zone }, to.host ?? 'another server');
}

/** The zone that is served is not the one that is configured. */
function misplaced(actual: DomainName, zone: DomainName | undefined): Trouble | undefined {
  if (zone === undefined || actual === zone) return undefined;
  return trouble(
    isAtOrBelow(actual, zone) ? { code: 'delegated-elsewhere', to: actual } : { code: 'wrong-zone', actual },
  );
}

function aliasIn(message: Message, name: DomainName): Trouble | undefined {
  for (const record of message.answers) {
    const at = ownerOf(record);
    const isDname = record.type === RrType.DNAME && at !== name && isAtOrBelow(name, at);
    const isCname = record.type === RrType.CNAME && at === name;
    if (isDname || isCname) {
      return trouble({ code: 'alias', at, type: isDname ? 'DNAME' : 'CNAME' }, targetOf(message, record));
    }
  }
  return undefined;
}
