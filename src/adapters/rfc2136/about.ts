import type { Transport } from '../../application/manage/settings.ts';
import type { TsigKey } from '../../domain/tsig-key.ts';

/** The programs whose configuration we can speak of. */
export type Software = 'bind' | 'knot' | 'powerdns' | 'unknown';

/** Who was asked, as far as every answer tells it. */
export type AnswerContext = {
  /** `192.0.2.53:53` */
  readonly server: string;
  /** Undefined when messages are not signed. */
  readonly key: Pick<TsigKey, 'name' | 'algorithm'> | undefined;
};

/** What else is known, for the words. */
export type About = AnswerContext & {
  readonly transport?: Transport;
  readonly software?: Software;
  readonly name?: string;
  readonly zone?: string | undefined;
  /** An RCODE, a reason of the system, another server: what goes into the words beside the cause. */
  readonly detail?: string | undefined;
};
