import type { Clock } from '../../../application/ports/clock.ts';
import type { DomainName } from '../../../domain/domain-name.ts';
import { TSIG_ALGORITHMS, type TsigKey } from '../../../domain/tsig-key.ts';
import { RrType } from '../../dns-wire/constants.ts';
import { MAX_CLOCK_CORRECTION } from '../primary-client.ts';
import { query } from '../query.ts';
import type { Channel, Heard, Signing } from './channel.ts';
import { doubtful, type Trouble, trouble } from './trouble.ts';

/** A key with which the primary verifies what we sign. */
export type GoodKey = {
  readonly kind: 'good-key';
  readonly signing: Signing;
  /** Its clock differs, so little that dynonym makes up for it. */
  readonly warning: Trouble | undefined;
};

/** The largest that TSIG knows, 18 hours (RFC 8945 section 4.2). */
const WIDEST_FUDGE = 0xffff;

/**
 * Whether a query that is signed with the key is verified. A query needs no right, so that what is wrong with
 * the key is told apart from what it may not do; only Knot answers "unknown key" also where no ACL of the
 * zone names it.
 */
export async function checkKey(
  channel: Channel,
  key: TsigKey,
  zone: DomainName,
  clock: Clock,
): Promise<GoodKey | Trouble> {
  const ask: Ask = (signing = {}) => channel.ask(query(zone, RrType.SOA), { key, ahead: 0, ...signing });

  const heard = await ask();
  switch (heard.kind) {
    case 'trouble':
      return heard;
    case 'answer':
      return { kind: 'good-key', signing: { key, ahead: 0 }, warning: undefined };
    case 'clock':
      return byClock(key, heard.serverTime - Math.floor(clock.now() / 1000));
  }
  const { cause } = heard.hint;
  switch (cause.code) {
    case 'clocks-apart':
      return byClock(key, cause.seconds);
    case 'secret-wrong':
      return trouble(cause);
    case 'key-unknown':
      return (await otherAlgorithm(key, ask)) ?? trouble(cause);
    case 'key-not-accepted':
    case 'clocks-differ':
      return guess(key, ask);
    default:
      return doubtful(heard.hint);
  }
}

type Ask = (signing?: Partial<Signing>) => Promise<Heard>;

/** Told in an answer that verified: up to a day, dynonym signs by the server's clock. */
function byClock(key: TsigKey, ahead: number): GoodKey | Trouble {
  const warning = trouble({ code: 'clocks-apart', seconds: ahead });
  return Math.abs(ahead) <= MAX_CLOCK_CORRECTION
    ? { kind: 'good-key', signing: { key, ahead }, warning }
    : warning;
}

/**
 * PowerDNS says no more than that it does not verify. But every server grants the fudge that we ask for, and
 * with the widest one a clock that differs no longer matters; and it may have the key with another algorithm.
 */
async function guess(key: TsigKey, ask: Ask): Promise<Trouble> {
  if (isVerified(await ask({ fudge: WIDEST_FUDGE }))) {
    return trouble({ code: 'clocks-apart', seconds: await measure(ask) });
  }
  return (await otherAlgorithm(key, ask)) ?? trouble({ code: 'key-secret-or-clock' });
}

/** How far the server's clock is ahead: halves the range in which what we sign is verified. */
async function measure(ask: Ask): Promise<number> {
  let least = -WIDEST_FUDGE;
  let most = WIDEST_FUDGE;
  while (most - least > 1) {
    const middle = Math.floor((least + most) / 2);
    const fudge = Math.ceil((middle - least) / 2);
    if (isVerified(await ask({ ahead: least + fudge, fudge }))) most = middle;
    else least = middle;
  }
  return most;
}

/** The algorithm with which the same secret is verified. The secret itself never travels. */
async function otherAlgorithm(key: TsigKey, ask: Ask): Promise<Trouble | undefined> {
  for (const algorithm of TSIG_ALGORITHMS) {
    if (algorithm !== key.algorithm && isVerified(await ask({ key: { ...key, algorithm } }))) {
      return trouble({ code: 'algorithm-not-allowed', accepted: algorithm });
    }
  }
  return undefined;
}

/** The MAC was right, whatever else is wrong. */
function isVerified(heard: Heard): boolean {
  return (
    heard.kind === 'answer' ||
    heard.kind === 'clock' ||
    (heard.kind === 'unverified' && heard.hint.cause.code === 'clocks-apart')
  );
}
