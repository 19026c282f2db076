import type { Transport } from '../../application/manage/settings.ts';
import type { TsigKey } from '../../domain/tsig-key.ts';

/** The server programs for which the advice is exact. */
export type Software = 'bind' | 'knot' | 'powerdns' | 'unknown';

/** The server that was asked, and the key. */
export type AnswerContext = {
  /** `192.0.2.53:53` */
  readonly server: string;
  /** Undefined if messages are not signed. */
  readonly key: Pick<TsigKey, 'name' | 'algorithm'> | undefined;
};

/** Everything that the words for a cause may need. */
export type About = AnswerContext & {
  readonly transport?: Transport;
  readonly software?: Software;
  readonly name?: string;
  readonly zone?: string | undefined;
  /** An RCODE, an error of the system, another server: it depends on the cause. */
  readonly detail?: string | undefined;
};
