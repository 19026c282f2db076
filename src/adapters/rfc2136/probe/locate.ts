import type { ProbeSubject } from '../../../application/ports/primary-probe.ts';
import { type DomainName, isAtOrBelow, parentOf } from '../../../domain/domain-name.ts';
import { Rcode, RrType } from '../../dns-wire/constants.ts';
import type { Message } from '../../dns-wire/message.ts';
import { aliasIn, referralIn, type Soa, soaIn } from '../read-message.ts';
import { query } from '../requests.ts';
import { MAX_STEPS } from '../zone-directory.ts';
import type { Channel } from './channel.ts';
import { doubtful, strange, type Trouble, trouble } from './trouble.ts';

/** The zone of a name, according to the primary. */
export type Located = {
  readonly kind: 'located';
  readonly soa: Soa;
  /** The alias that keeps the name from having addresses, if there is one. */
  readonly alias: Trouble | undefined;
};

/**
 * Finds the zone of a name as the updater does (`discover` in ../zone-directory.ts), and tells more of what is wrong.
 * The queries are unsigned, so that a wrong key does not hide the rest.
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
    if (found !== undefined) {
      const { at: owner, type, target } = found;
      alias ??= trouble({ code: 'alias', at: owner, type, to: target }, target);
    } else {
      const soa = soaIn(message);
      if (soa !== undefined && isAtOrBelow(name, soa.zone)) {
        return misplaced(soa.zone, zone) ?? { kind: 'located', soa, alias };
      }
    }
    at = parentOf(at);
  }
  return trouble({ code: 'not-authoritative' });
}

/** What is wrong where the answer does not come from a server of the zone. Undefined where it does. */
function refusalIn(message: Message, name: DomainName, zone: DomainName | undefined): Trouble | undefined {
  const { rcode, aa, ra } = message;
  const isAnswer = rcode === Rcode.NOERROR || rcode === Rcode.NXDOMAIN;
  if (isAnswer && aa) return undefined;
  if (ra) return trouble({ code: 'resolver' });
  if (isAnswer) return delegationIn(message, name, zone) ?? trouble({ code: 'not-authoritative' });
  if (rcode === Rcode.REFUSED || rcode === Rcode.NOTAUTH) return trouble({ code: 'not-authoritative' });
  return strange(rcode);
}

/** A referral. One to a zone above the configured zone only means "not here". */
function delegationIn(message: Message, name: DomainName, zone: DomainName | undefined): Trouble | undefined {
  const to = referralIn(message, name);
  if (to === undefined) return undefined;
  if (zone !== undefined && to.zone !== zone && isAtOrBelow(zone, to.zone)) return undefined;
  return trouble({ code: 'delegated-elsewhere', to: to.zone }, to.host ?? 'another server');
}

/** The trouble when the zone on the server is not the configured one. */
function misplaced(actual: DomainName, zone: DomainName | undefined): Trouble | undefined {
  if (zone === undefined || actual === zone) return undefined;
  return trouble(
    isAtOrBelow(actual, zone) ? { code: 'delegated-elsewhere', to: actual } : { code: 'wrong-zone', actual },
  );
}
