import type { Deadline } from '../../application/ports/clock.ts';
import { dnsFailure } from '../../application/ports/dns-fault.ts';
import type { ChangeResult } from '../../application/ports/dns-updater.ts';
import type { NameChange } from '../../domain/record-set.ts';
import { Rcode } from '../dns-wire/constants.ts';
import { updateSectionsOf } from '../dns-wire/update-message.ts';
import { WireFault } from '../dns-wire/wire-fault.ts';
import { updateFault } from './answer-fault.ts';
import { type PrimaryRequest, update } from './requests.ts';
import type { ZoneHome } from './zone-directory.ts';

/**
 * Sends all of `changes` in one UPDATE.
 *
 * @param maxServerFailures after this many answers with SERVFAIL, it is not sent again. By default, it is sent again until
 *   the deadline.
 */
export async function sendUpdate(
  { zone, primary }: ZoneHome,
  changes: readonly NameChange[],
  deadline: Deadline,
  maxServerFailures?: number,
): Promise<ChangeResult> {
  let request: PrimaryRequest;
  try {
    request = update(zone, updateSectionsOf(changes));
  } catch (cause) {
    if (!(cause instanceof WireFault)) throw cause;
    const text = `the update of ${zone} has no form: ${cause.message}`;
    return dnsFailure('DNS_BAD_MESSAGE', text, { cause });
  }
  const answer = await primary.ask(request, deadline, maxServerFailures);
  if (!answer.ok) return answer;
  const { rcode } = answer.value;
  return rcode === Rcode.NOERROR
    ? { ok: true, value: undefined }
    : { ok: false, fault: updateFault(rcode, zone, primary.context) };
}
