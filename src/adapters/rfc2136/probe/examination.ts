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
import { transportsTo } from '../create-rfc2136-dns-updater.ts';
import { query } from '../query.ts';
import { addressesIn, type Soa } from '../read-message.ts';
import { Channel, type Signing } from './channel.ts';
import { checkKey, type GoodKey } from './check-key.ts';
import { askName, askZone, dropsAlias } from './check-update.ts';
import { locate } from './locate.ts';
import { type SecondaryOptions, staleSecondaries } from './secondaries.ts';
import { askSoftware } from './software.ts';
import { isTrouble, type Trouble, trouble } from './trouble.ts';

/** What is the same for all names of a zone. */
type ZoneState = {
  readonly problem: Trouble | undefined;
  readonly warnings: readonly Trouble[];
  readonly signing: Signing | undefined;
};

/** One address of a primary under examination: what is known of it and of its zones is found out once. */
export class Examination {
  readonly #primary: Primary;
  readonly #channel: Channel;
  readonly #clock: Clock;
  readonly #secondaries: SecondaryOptions;
  readonly #zones = new Map<DomainName, Promise<ZoneState>>();
  #software: Promise<Software> | undefined;
  /** It gave no answer to an SOA query: there is no use in asking for the next name. */
  #unheard: Trouble | undefined;

  constructor(primary: Primary, clock: Clock, secondaries: SecondaryOptions) {
    this.#primary = primary;
    this.#channel = new Channel(transportsTo(primary, clock), clock);
    this.#clock = clock;
    this.#secondaries = secondaries;
  }

  close(): void {
    this.#channel.close();
  }

  /** From the general to the special: the first problem is the one to mend. */
  async probe(subject: ProbeSubject, options: ProbeOptions): Promise<ProbeResult> {
    const located = this.#unheard ?? (await locate(this.#channel, subject));
    if (isTrouble(located)) {
      if (!UNHEARD.has(located.cause.code)) return this.#tell(subject, subject.zone, located, []);
      this.#unheard ??= located.cause.code === 'unreachable' ? await this.#tryUdp(located, subject) : located;
      return this.#tell(subject, subject.zone, this.#unheard, []);
    }
    const { soa, alias } = located;
    const { zone } = soa;
    const { problem: zoneProblem, warnings, signing } = await this.#zoneState(soa, options);
    const isZone = subject.types.length === 0;
    const problem =
      zoneProblem ?? alias ?? (isZone ? undefined : await this.#askForTypes(zone, subject, signing));
    const policy =
      isZone || problem !== undefined ? [] : await this.#silentPolicy(zone, subject.name, signing);
    return this.#tell(subject, zone, problem, [...warnings, ...policy]);
  }

  /** TCP that a firewall forgot is a frequent reason, and soon found. */
  async #tryUdp(unreachable: Trouble, { name }: ProbeSubject): Promise<Trouble> {
    if (this.#primary.transport !== 'tcp') return unreachable;
    const channel = new Channel(
      transportsTo({ ...this.#primary, transport: 'udp' }, this.#clock),
      this.#clock,
    );
    const heard = await channel.ask(query(name, RrType.SOA));
    channel.close();
    return heard.kind === 'answer'
      ? { ...unreachable, cause: { code: 'unreachable', byUdp: true } }
      : unreachable;
  }

  #zoneState(soa: Soa, { secondaries }: ProbeOptions): Promise<ZoneState> {
    const known = this.#zones.get(soa.zone);
    if (known !== undefined) return known;
    const state = secondaries ? this.#examineWithSecondaries(soa) : this.#examineZone(soa);
    this.#zones.set(soa.zone, state);
    return state;
  }

  async #examineWithSecondaries(soa: Soa): Promise<ZoneState> {
    const state = await this.#examineZone(soa);
    if (state.problem !== undefined) return state;
    const stale = await staleSecondaries(this.#primary, this.#channel, soa, this.#clock, this.#secondaries);
    return { ...state, warnings: [...state.warnings, ...stale] };
  }

  async #examineZone({ zone, primary }: Soa): Promise<ZoneState> {
    const { tsig } = this.#primary;
    const stopped = (problem: Trouble): ZoneState => ({ problem, warnings: [], signing: undefined });
    // Unsigned first: a server without updates knows no keys either, and that is not what is wrong.
    const unsigned = await askZone(this.#channel, zone);
    if (typeof unsigned === 'object') return stopped(unsigned);
    if (tsig === undefined) {
      const problem = unsigned === 'no' ? trouble({ code: 'key-needed' }) : undefined;
      return { problem, warnings: [], signing: undefined };
    }
    const key = await this.#checkKey(tsig, zone);
    if (isTrouble(key)) return stopped(key);
    const { signing, warning } = key;
    const warnings = warning === undefined ? [] : [warning];
    const said = await askZone(this.#channel, zone, signing);
    if (said === 'yes') return { problem: undefined, warnings, signing };
    const problem =
      said === 'no' ? trouble({ code: 'refuses-updates' }, await this.#otherPrimary(primary)) : said;
    return { problem, warnings, signing };
  }

  /** Knot says "unknown key" also where no ACL of the zone names it. A key that is good for another zone is known. */
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

  /** The host that the SOA record names as the primary, when that seems to be another one. */
  async #otherPrimary(host: DomainName): Promise<DomainName | undefined> {
    const { socket } = this.#primary;
    if (!('address' in socket)) return socket.host === host ? undefined : host;
    const { address } = socket;
    const type = address.family === 'ipv4' ? 'A' : 'AAAA';
    const heard = await this.#channel.ask(query(host, RrType[type]));
    const known = heard.kind === 'answer' ? addressesIn(heard.message, host, type) : [];
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

  async #silentPolicy(zone: DomainName, name: DomainName, signing: Signing | undefined): Promise<Trouble[]> {
    if ((await this.#askSoftware()) !== 'powerdns') return [];
    const at = await dropsAlias(this.#channel, zone, name, signing);
    return at === undefined ? [] : [trouble({ code: 'updates-may-be-dropped', name }, at)];
  }

  async #tell(
    { name }: ProbeSubject,
    zone: DomainName | undefined,
    problem: Trouble | undefined,
    warnings: readonly Trouble[],
  ): Promise<ProbeResult> {
    const { socket, transport, tsig } = this.#primary;
    const server = socketText(socket);
    const troubles = problem === undefined ? warnings : [problem, ...warnings];
    const findings: ProbeFinding[] = [];
    for (const found of troubles) {
      const { cause, detail } = found;
      const software = UNHEARD.has(cause.code) ? 'unknown' : await this.#askSoftware();
      const words = wordsOf(cause, { server, transport, key: tsig, software, name, zone, detail });
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

const UNHEARD: ReadonlySet<string> = new Set(['unreachable', 'no-answer', 'not-dns']);

/** No answer came that could have said more. */
export const isUnheard = ({ cause }: ProbeFinding): boolean => UNHEARD.has(cause.code);
