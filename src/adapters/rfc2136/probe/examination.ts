import type { Primary } from '../../../application/manage/settings.ts';
import type { Clock } from '../../../application/ports/clock.ts';
import type {
  ProbeFinding,
  ProbeOptions,
  ProbeResult,
  ProbeSubject,
} from '../../../application/ports/primary-probe.ts';
import type { DomainName } from '../../../domain/domain-name.ts';
import { addressFromOctets } from '../../../domain/ip-address.ts';
import type { RecordType } from '../../../domain/record-set.ts';
import { socketText } from '../../../domain/socket-address.ts';
import type { TsigKey } from '../../../domain/tsig-key.ts';
import { RrType } from '../../dns-wire/constants.ts';
import type { Software } from '../about.ts';
import { TAKES_EMPTY, wordsOf } from '../causes.ts';
import { rdataIn, type Soa } from '../read-message.ts';
import { query } from '../requests.ts';
import { type Channel, channelTo, type Signing, withChannel } from './channel.ts';
import { checkKey, type GoodKey } from './check-key.ts';
import { askName, askZone, dropsAlias } from './check-update.ts';
import { locate } from './locate.ts';
import { askSoftware } from './requests.ts';
import { type SecondaryOptions, staleSecondaries } from './secondaries.ts';
import { isTrouble, type Trouble, trouble } from './trouble.ts';

/** What holds for all names of a zone. */
type ZoneState = {
  readonly problem?: Trouble | undefined;
  readonly warnings: readonly Trouble[];
  /** Undefined without a key, or with one that is not good. */
  readonly signing?: Signing;
};

/** Examines one address of a primary. What is known of the server and its zones is asked once. */
export class Examination {
  readonly #primary: Primary;
  readonly #channel: Channel;
  readonly #clock: Clock;
  readonly #secondaries: SecondaryOptions;
  readonly #zones = new Map<DomainName, Promise<ZoneState>>();
  #software: Promise<Software> | undefined;
  /** Set when an SOA query got no answer. Then no other name is asked about. */
  #unheard: Trouble | undefined;

  constructor(primary: Primary, clock: Clock, secondaries: SecondaryOptions) {
    this.#primary = primary;
    this.#channel = channelTo(primary, clock);
    this.#clock = clock;
    this.#secondaries = secondaries;
  }

  close(): void {
    this.#channel.close();
  }

  /** Asks general questions before special ones: the first problem is the one to solve. */
  async probe(subject: ProbeSubject, options: ProbeOptions): Promise<ProbeResult> {
    const { name, types } = subject;
    const located = this.#unheard ?? (await locate(this.#channel, subject));
    if (isTrouble(located)) {
      if (isSilence(located)) this.#unheard ??= await this.#tryUdp(located, name);
      return this.#report(name, subject.zone, this.#unheard ?? located);
    }
    const { soa, alias } = located;
    const { zone } = soa;
    const { problem: zoneProblem, warnings, signing } = await this.#stateOf(soa, options);
    const problem = zoneProblem ?? alias;
    if (problem !== undefined || types.length === 0) return this.#report(name, zone, problem, warnings);
    const refusal = await this.#askForTypes(zone, subject, signing);
    if (refusal !== undefined) return this.#report(name, zone, refusal, warnings);
    const policy = await this.#silentPolicy(zone, subject, signing);
    return this.#report(name, zone, undefined, [...warnings, ...policy]);
  }

  /** A firewall often lets UDP pass and not TCP, which is then what to say. */
  async #tryUdp(silence: Trouble, name: DomainName): Promise<Trouble> {
    if (silence.cause.code !== 'unreachable' || this.#primary.transport !== 'tcp') return silence;
    const byUdp = { ...this.#primary, transport: 'udp' as const };
    const heard = await withChannel(byUdp, this.#clock, (channel) => channel.ask(query(name, RrType.SOA)));
    return heard.kind === 'answer' ? { ...silence, cause: { code: 'unreachable', byUdp: true } } : silence;
  }

  #stateOf(soa: Soa, options: ProbeOptions): Promise<ZoneState> {
    const state = this.#zones.get(soa.zone) ?? this.#examineZone(soa, options);
    this.#zones.set(soa.zone, state);
    return state;
  }

  async #examineZone(soa: Soa, { secondaries }: ProbeOptions): Promise<ZoneState> {
    const state = await this.#examineUpdates(soa);
    if (state.problem !== undefined || !secondaries) return state;
    const stale = await staleSecondaries(this.#primary, this.#channel, soa, this.#clock, this.#secondaries);
    return { ...state, warnings: [...state.warnings, ...stale] };
  }

  async #examineUpdates({ zone, primary }: Soa): Promise<ZoneState> {
    const { tsig } = this.#primary;
    // Unsigned first: a server that implements no updates knows no keys either.
    const unsigned = await askZone(this.#channel, zone);
    if (typeof unsigned === 'object') return { problem: unsigned, warnings: [] };
    if (tsig === undefined) {
      return { problem: unsigned === 'no' ? trouble({ code: 'key-needed' }) : undefined, warnings: [] };
    }
    const key = await this.#checkKey(tsig, zone);
    if (isTrouble(key)) return { problem: key, warnings: [] };
    const { signing, warning } = key;
    const warnings = warning === undefined ? [] : [warning];
    const said = await askZone(this.#channel, zone, signing);
    if (said === 'yes') return { warnings, signing };
    const problem =
      said === 'no' ? trouble({ code: 'refuses-updates' }, await this.#otherPrimary(primary)) : said;
    return { problem, warnings, signing };
  }

  /** Knot also calls a key unknown that no ACL of the zone names. If it accepts the key for another zone, it knows it. */
  async #checkKey(key: TsigKey, zone: DomainName): Promise<GoodKey | Trouble> {
    const checked = await checkKey(this.#channel, key, zone, this.#clock);
    if (!isTrouble(checked) || checked.cause.code !== 'key-unknown') return checked;
    for (const other of this.#primary.zones) {
      if (other === zone) continue;
      const elsewhere = await checkKey(this.#channel, key, other, this.#clock);
      if (!isTrouble(elsewhere)) return trouble({ code: 'refuses-updates' });
    }
    return checked;
  }

  /** The host that the SOA record names as the primary, if that does not seem to be this server. */
  async #otherPrimary(host: DomainName): Promise<DomainName | undefined> {
    const { socket } = this.#primary;
    if (!('address' in socket)) return socket.host === host ? undefined : host;
    const { address } = socket;
    const type = address.family === 'ipv4' ? 'A' : 'AAAA';
    const heard = await this.#channel.ask(query(host, RrType[type]));
    const known = heard.kind === 'answer' ? rdataIn(heard.message, host, type) : [];
    return known.some((octets) => addressFromOctets(octets).text === address.text) ? undefined : host;
  }

  async #askForTypes(
    zone: DomainName,
    { name, types }: ProbeSubject,
    signing: Signing | undefined,
  ): Promise<Trouble | undefined> {
    const forbidden: RecordType[] = [];
    for (const type of types) {
      const said = await askName(this.#channel, zone, name, type, signing);
      if (said === 'no') forbidden.push(type);
      else if (said !== 'yes') return said;
    }
    if (forbidden.length === 0) return undefined;
    return signing === undefined
      ? trouble({ code: 'key-needed' }, TAKES_EMPTY)
      : trouble({ code: 'policy-forbids', name, types: forbidden });
  }

  async #silentPolicy(
    zone: DomainName,
    { name, types }: ProbeSubject,
    signing: Signing | undefined,
  ): Promise<Trouble[]> {
    if ((await this.#askSoftware()) !== 'powerdns') return [];
    const at = await dropsAlias(this.#channel, zone, name, signing);
    return at === undefined ? [] : [trouble({ code: 'updates-may-be-dropped', name, types }, at)];
  }

  async #report(
    name: DomainName,
    zone: DomainName | undefined,
    problem: Trouble | undefined,
    warnings: readonly Trouble[] = [],
  ): Promise<ProbeResult> {
    const { socket, transport, tsig: key } = this.#primary;
    const server = socketText(socket);
    const findings: ProbeFinding[] = [];
    for (const found of problem === undefined ? warnings : [problem, ...warnings]) {
      const { cause, detail } = found;
      const software = isSilence(found) ? 'unknown' : await this.#askSoftware();
      const words = wordsOf(cause, { server, transport, key, software, name, zone, detail });
      findings.push({
        cause,
        severity: found === problem ? 'problem' : 'warning',
        problem: `the primary ${server} ${words.problem}`,
        cure: words.cure,
      });
    }
    return { zone, findings };
  }

  #askSoftware(): Promise<Software> {
    this.#software ??= askSoftware(this.#channel);
    return this.#software;
  }
}

const SILENCES: ReadonlySet<string> = new Set(['unreachable', 'no-answer', 'not-dns']);

/** Whether no DNS answer came at all. */
export const isSilence = ({ cause }: Pick<ProbeFinding, 'cause'>): boolean => SILENCES.has(cause.code);
