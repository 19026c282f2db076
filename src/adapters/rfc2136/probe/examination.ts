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
import type { AddressType } from '../../../domain/record-set.ts';
import { RrType } from '../../dns-wire/constants.ts';
import { buildQuery } from '../../dns-wire/update-message.ts';
import { transportsTo } from '../create-rfc2136-dns-updater.ts';
import { Channel, type Signing } from './channel.ts';
import { checkKey } from './check-key.ts';
import { askName, askZone } from './check-update.ts';
import { locate } from './locate.ts';
import { addressesIn, type Soa } from './messages.ts';
import { laggingSecondaries, type SecondaryOptions } from './secondaries.ts';
import { askSoftware, type Software } from './software.ts';
import { isTrouble, type Trouble, trouble } from './trouble.ts';
import { wordsOf } from './wording.ts';

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

  constructor(primary: Primary, channel: Channel, clock: Clock, secondaries: SecondaryOptions) {
    this.#primary = primary;
    this.#channel = channel;
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
    const state = await this.#zoneState(soa, options);
    const problem =
      state.problem ??
      alias ??
      (subject.types.length === 0 ? undefined : await this.#askForTypes(zone, subject, state.signing));
    return this.#tell(subject, zone, problem, state.warnings);
  }

  /** TCP that a firewall forgot is a frequent reason, and soon found. */
  async #tryUdp(unreachable: Trouble, { name }: ProbeSubject): Promise<Trouble> {
    if (this.#primary.transport !== 'tcp') return unreachable;
    const channel = new Channel(
      transportsTo({ ...this.#primary, transport: 'udp' }, this.#clock),
      this.#clock,
    );
    const heard = await channel.ask(buildQuery({ id: 0, name, type: RrType.SOA }));
    channel.close();
    return heard.kind === 'answer'
      ? { ...unreachable, detail: `${unreachable.detail}; it answers by UDP` }
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
    const lagging = await laggingSecondaries(
      this.#primary,
      this.#channel,
      soa,
      this.#clock,
      this.#secondaries,
    );
    return { ...state, warnings: [...state.warnings, ...lagging] };
  }

  async #examineZone({ zone, primary }: Soa): Promise<ZoneState> {
    const { tsig } = this.#primary;
    const stopped = (problem: Trouble): ZoneState => ({ problem, warnings: [], signing: undefined });
    // Unsigned first: whoever implements no updates knows no keys either, and that is not what is wrong.
    const unsigned = await askZone(this.#channel, zone);
    if (typeof unsigned === 'object') return stopped(unsigned);
    if (tsig === undefined) {
      const problem = unsigned === 'no' ? trouble({ code: 'key-needed' }) : undefined;
      return { problem, warnings: [], signing: undefined };
    }
    const key = await checkKey(this.#channel, tsig, zone, this.#clock);
    if (isTrouble(key)) return stopped(key);
    const { signing, warning } = key;
    const warnings = warning === undefined ? [] : [warning];
    const said = await askZone(this.#channel, zone, signing);
    if (said === 'yes') return { problem: undefined, warnings, signing };
    const problem =
      said === 'no' ? trouble({ code: 'refuses-updates' }, await this.#otherPrimary(primary)) : said;
    return { problem, warnings, signing };
  }

  /** The host that the SOA record names as the primary, when that seems to be another one. */
  async #otherPrimary(host: DomainName): Promise<DomainName | undefined> {
    const { address } = this.#primary.socket;
    const type = address.family === 'ipv4' ? 'A' : 'AAAA';
    const heard = await this.#channel.ask(buildQuery({ id: 0, name: host, type: RrType[type] }));
    const known = heard.kind === 'answer' ? addressesIn(heard.message, host, type) : [];
    return known.some((octets) => addressFromOctets(octets).text === address.text) ? undefined : host;
  }

  async #askForTypes(
    zone: DomainName,
    { name, types }: ProbeSubject,
    signing: Signing | undefined,
  ): Promise<Trouble | undefined> {
    const forbidden: AddressType[] = [];
    for (const type of types) {
      const said = await askName(this.#channel, zone, name, type, signing);
      if (said === 'no') forbidden.push(type);
      else if (said !== 'yes') return said;
    }
    if (forbidden.length === 0) return undefined;
    return trouble(
      // BIND with an update-policy lets anybody send an update of nothing.
      signing === undefined ? { code: 'key-needed' } : { code: 'policy-forbids', name, types: forbidden },
    );
  }

  async #tell(
    { name }: ProbeSubject,
    zone: DomainName | undefined,
    problem: Trouble | undefined,
    warnings: readonly Trouble[],
  ): Promise<ProbeResult> {
    const troubles = problem === undefined ? warnings : [problem, ...warnings];
    const findings: ProbeFinding[] = [];
    for (const found of troubles) {
      const software = UNHEARD.has(found.cause.code) ? 'unknown' : await this.#askSoftware();
      const words = wordsOf(found, { primary: this.#primary, software, name, zone: zone ?? NO_ZONE });
      findings.push({
        cause: found.cause,
        severity: found === problem ? 'problem' : 'warning',
        ...words,
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

/** That nobody answered who could have said more. */
export const isUnheard = ({ cause }: ProbeFinding): boolean => UNHEARD.has(cause.code);

const NO_ZONE = '' as DomainName;
