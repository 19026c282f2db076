import type { ProbeCause } from '../../../application/ports/primary-probe.ts';
import { Rcode, rcodeText } from '../../dns-wire/constants.ts';
import type { Hint } from '../answer-fault.ts';

/** A finding before `../causes.ts` puts it into words. */
export type Trouble = {
  readonly kind: 'trouble';
  readonly cause: ProbeCause;
  /** More for the words: an RCODE, an error of the system, another server. */
  readonly detail?: string | undefined;
};

export function trouble(cause: ProbeCause, detail?: string): Trouble {
  return { kind: 'trouble', cause, detail };
}

/** An RCODE that does not answer the question. */
export function strange(rcode: number): Trouble {
  return rcode === Rcode.SERVFAIL
    ? trouble({ code: 'server-failure' })
    : trouble({ code: 'odd-answer' }, rcodeText(rcode));
}

/** An answer without the right signature that does not speak of the key. */
export function doubtful({ cause, detail }: Hint): Trouble {
  return cause.code === 'server-failure' || cause.code === 'takes-no-updates'
    ? trouble(cause)
    : trouble({ code: 'not-verified' }, detail);
}

export const isTrouble = <Other extends object>(value: Other | Trouble): value is Trouble =>
  'kind' in value && value.kind === 'trouble';
