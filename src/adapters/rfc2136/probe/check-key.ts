import type { Clock } from '../../../application/ports/clock.ts';
import type { DomainName } from '../../../domain/domain-name.ts';
import { TSIG_ALGORITHMS, type TsigKey } from '../../../domain/tsig-key.ts';
import { RrType } from '../../dns-wire/constants.ts';
import { MAX_CLOCK_CORRECTION } from '../primary-client.ts';
import { query } from '../requests.ts';
import type { Channel, Heard, Signing } from './channel.ts';
import { doubtful, type Trouble, trouble } from './trouble.ts';

/** The primary verifies what is signed with the key. */
export type GoodKey = {
  readonly kind: 'good-key';
  readonly signing: Signing;
  /** Set if the clocks differ, by no more than dynonym corrects. */
  readonly warning: Trouble | undefined;
};

/** The largest value of the field, 18 hours (RFC 8945 section 4.2). */
const WIDEST_FUDGE = 0xffff;

/**
 * Sends a query that is signed with the key. A query needs no permission, so this tells a wrong key from one that
 * lacks a right. Only Knot answers "unknown key" also for a key that no ACL of the zone names.
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

/** dynonym signs by the clock of the server if that differs by no more than a day. */
function byClock(key: TsigKey, ahead: number): GoodKey | Trouble {
  const warning = trouble({ code: 'clocks-apart', seconds: ahead });
  return Math.abs(ahead) <= MAX_CLOCK_CORRECTION
    ? { kind: 'good-key', signing: { key, ahead }, warning }
    : warning;
}

/**
 * PowerDNS does not tell why it rejects a signature. A server has to allow the fudge in the message: if the widest one
 * helps, the clocks differ. Otherwise another algorithm may help.
 */
async function guess(key: TsigKey, ask: Ask): Promise<Trouble> {
  if (isVerified(await ask({ fudge: WIDEST_FUDGE }))) {
    return trouble({ code: 'clocks-apart', seconds: await measure(ask) });
  }
  return (await otherAlgorithm(key, ask)) ?? trouble({ code: 'key-secret-or-clock' });
}

/** The seconds by which the clock of the server is ahead, by halving the range in which a signature verifies. */
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

/** Tries the same secret with the other algorithms. The secret itself is not sent. */
async function otherAlgorithm(key: TsigKey, ask: Ask): Promise<Trouble | undefined> {
  for (const algorithm of TSIG_ALGORITHMS) {
    if (algorithm !== key.algorithm && isVerified(await ask({ key: { ...key, algorithm } }))) {
      return trouble({ code: 'algorithm-not-allowed', accepted: algorithm });
    }
  }
  return undefined;
}

/** Whether the MAC was right, whatever else is wrong. */
function isVerified(heard: Heard): boolean {
  return (
    heard.kind === 'answer' ||
    heard.kind === 'clock' ||
    (heard.kind === 'unverified' && heard.hint.cause.code === 'clocks-apart')
  );
}
