import type { ProbeCause } from '../../../application/ports/primary-probe.ts';
import { Rcode, rcodeText } from '../../dns-wire/constants.ts';
import type { Heard } from './channel.ts';

/** Something that was found, before it is put into words. */
export type Trouble = {
  readonly kind: 'trouble';
  readonly cause: ProbeCause;
  /** What the words need beside the cause: an RCODE, a reason of the system, another server. */
  readonly detail?: string | undefined;
};

export function trouble(cause: ProbeCause, detail?: string): Trouble {
  return { kind: 'trouble', cause, detail };
}

/** Why there is no answer. */
export function unheard(heard: Exclude<Heard, { kind: 'answer' }>): Trouble {
  switch (heard.kind) {
    case 'unreachable':
      return trouble({ code: 'unreachable' }, heard.cause.message);
    case 'silent':
      return trouble({ code: 'no-answer' });
    case 'not-dns':
      return trouble({ code: 'not-dns' });
  }
}

/** An RCODE that says nothing of what was asked. */
export function strange(rcode: number): Trouble {
  return rcode === Rcode.SERVFAIL
    ? trouble({ code: 'server-failure' })
    : trouble({ code: 'odd-answer' }, rcodeText(rcode));
}

export const isTrouble = <Other extends object>(value: Other | Trouble): value is Trouble =>
  'kind' in value && value.kind === 'trouble';
