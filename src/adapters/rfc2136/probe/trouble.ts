import type { ProbeCause } from '../../../application/ports/primary-probe.ts';
import { Rcode, rcodeText } from '../../dns-wire/constants.ts';
import type { Hint } from '../answer-fault.ts';

/** Something that was found, before `../causes.ts` puts it into words. */
export type Trouble = {
  readonly kind: 'trouble';
  readonly cause: ProbeCause;
  /** What the words need beside the cause: an RCODE, a reason of the system, another server. */
  readonly detail?: string | undefined;
};

export function trouble(cause: ProbeCause, detail?: string): Trouble {
  return { kind: 'trouble', cause, detail };
}

/** An RCODE that says nothing of what was asked. */
export function strange(rcode: number): Trouble {
  return rcode === Rcode.SERVFAIL
    ? trouble({ code: 'server-failure' })
    : trouble({ code: 'odd-answer' }, rcodeText(rcode));
}

/** An answer that is not signed as it should be, and says nothing of the key. */
export function doubtful({ cause, detail }: Hint): Trouble {
  return cause.code === 'server-failure' || cause.code === 'takes-no-updates'
    ? trouble(cause)
    : trouble({ code: 'not-verified' }, detail);
}

export const isTrouble = <Other extends object>(value: Other | Trouble): value is Trouble =>
  'kind' in value && value.kind === 'trouble';
