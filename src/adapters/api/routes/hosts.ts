import * as z from 'zod';
import { partIn } from '../../../application/ports/part.ts';
import type { HostOutcome } from '../../../application/update/host-outcome.ts';
import type { HostUpdate } from '../../../application/update/wanted-names.ts';
import { type DomainName, parseDomainName } from '../../../domain/domain-name.ts';
import { durationText, parseDuration } from '../../../domain/duration.ts';
import { type HostChange, type HostSettings, unknownHost } from '../../../domain/host-settings.ts';
import { type IpAddress, parseIpv4, parseIpv6 } from '../../../domain/ip-address.ts';
import { stateOf } from '../../../domain/name-summary.ts';
import type { SeenSummary } from '../../../domain/seen-event.ts';
import { parseTtl } from '../../../domain/ttl.ts';
import type { ApiServices } from '../api-services.ts';
import { tagged, wasSeen } from '../entity-tag.ts';
import { invalidAt, type Problem, passingProblem, problem } from '../problems.ts';
import { type Call, DONE, manage, route } from '../route.ts';
import {
  AddressesSchema,
  allAddresses,
  EventSchema,
  integer,
  limit,
  NextSchema,
  nextOf,
  partQuery,
  ReportSchema,
  StateSchema,
  shownEvent,
  shownState,
  text,
  time,
  timeText,
} from '../schemas.ts';

const HostSchema = z
  .object({
    name: z.string(),
    state: StateSchema,
    addresses: AddressesSchema,
    report: ReportSchema.nullable(),
    silent_since: time.nullable().meta({ description: 'The last report before it became silent.' }),
  })
  .meta({ id: 'Host' });

const SettingsSchema = z
  .object({
    ttl: z.int().nullable().meta({ description: 'Seconds. Null: that of the server.' }),
    expect: z.string().nullable().meta({ description: 'After so long without a report the host is silent.' }),
    follows: z.string().nullable().meta({ description: 'It moves when a prefix is reported for this name.' }),
    interface_id: z.string().nullable().meta({ description: 'The low bits of its IPv6 address.' }),
    prefix_length: z.int().nullable(),
    offline: z.boolean().meta({ description: 'Whether its addresses may be removed.' }),
    offline_after: z.string().nullable(),
  })
  .meta({ id: 'Settings', description: 'The operator alone sets the last three.' });

const SettingsChange = z.strictObject({
  ttl: integer(parseTtl, 'Seconds.').nullish(),
  expect: text(parseDuration, 'A duration, such as 1h.').nullish(),
  follows: text(parseDomainName, 'One of your names.').nullish(),
  interface_id: text(parseIpv6, 'Such as ::1:2:3:4.').nullish(),
});

export const hostRoutes = [
  route({
    method: 'GET',
    path: '/hosts',
    scope: 'api:read',
    summary: 'Your hosts, in the order of their names',
    query: partQuery,
    shown: z.object({ hosts: z.array(HostSchema), next: NextSchema }),
    async handle({ user, right, query: { limit, after } }, { history, watchedSince }) {
      const all = Array.from(right.domains, (name) => ({ name }));
      const part = partIn(all, { after: after as DomainName | undefined, most: limit });
      const summaries = await history.states(
        user,
        part.rows.map(({ name }) => name),
      );
      const hosts = part.rows.map(({ name }) => shownHost(name, summaries.get(name), watchedSince()));
      return { body: { hosts, next: nextOf(part) } };
    },
  }),
  route({
    method: 'GET',
    path: '/hosts/{name}',
    scope: 'api:read',
    summary: 'A host',
    shown: HostSchema,
    async handle(call, { history, watchedSince }) {
      const name = ownName(call);
      if (name === undefined) return problem('not-found');
      return { body: shownHost(name, (await history.states(call.user, [name])).get(name), watchedSince()) };
    },
  }),
  route({
    method: 'GET',
    path: '/hosts/{name}/events',
    scope: 'api:read',
    summary: 'What happened to a host, the latest first',
    query: z.strictObject({ limit: limit(1000, 100) }),
    shown: z.object({ events: z.array(EventSchema) }),
    async handle(call, { history }) {
      const name = ownName(call);
      if (name === undefined) return problem('not-found');
      return { body: { events: (await history.ofName(call.user, name, call.query.limit)).map(shownEvent) } };
    },
  }),
  route({
    method: 'PUT',
    path: '/hosts/{name}/addresses',
    scope: 'api:write',
    summary: 'Set the addresses of a host',
    description:
      'A family that is not given stays, and null removes it. Without any, the address from which you call is set. ' +
      'The answer comes when the name server has acknowledged the change.',
    body: z.strictObject({
      ipv4: text(parseIpv4, 'Such as 203.0.113.7.').nullish(),
      ipv6: text(parseIpv6, 'Such as 2001:db8::7.').nullish(),
    }),
    shown: z.object({ outcome: z.enum(['changed', 'unchanged']), addresses: AddressesSchema }),
    problems: ['refused'],
    async handle(call, services) {
      const name = ownName(call);
      if (name === undefined) return problem('not-found');
      const { ipv4, ipv6 } = call.body;
      const own = call.from.address;
      const given = ipv4 === undefined && ipv6 === undefined ? { [own.family]: own } : { ipv4, ipv6 };
      const outcome = await report(call, services, {
        name,
        ipv4: wanted(given.ipv4),
        ipv6: wanted(given.ipv6),
      });
      if (!('addresses' in outcome)) return problemOf(outcome);
      return { body: { outcome: outcome.kind, addresses: byFamily(outcome.addresses) } };
    },
  }),
  route({
    method: 'DELETE',
    path: '/hosts/{name}/addresses',
    scope: 'api:write',
    summary: 'Take a host off the DNS',
    problems: ['refused'],
    async handle(call, services) {
      const name = ownName(call);
      if (name === undefined) return problem('not-found');
      const none = { kind: 'remove' } as const;
      const outcome = await report(call, services, { name, ipv4: none, ipv6: none });
      return 'addresses' in outcome ? DONE : problemOf(outcome);
    },
  }),
  route({
    method: 'GET',
    path: '/hosts/{name}/settings',
    scope: 'api:read',
    summary: 'The settings of a host',
    shown: SettingsSchema,
    tag: 'answered',
    async handle(call, { hosts }) {
      const name = ownName(call);
      if (name === undefined) return problem('not-found');
      return tagged(shownSettings(await settingsOf(name, hosts)));
    },
  }),
  route({
    method: 'PATCH',
    path: '/hosts/{name}/settings',
    scope: 'api:write',
    summary: 'Change settings of a host',
    description: 'What is not given stays. Null removes a setting.',
    body: SettingsChange,
    shown: SettingsSchema,
    tag: 'needed',
    async handle(call, services) {
      const name = ownName(call);
      if (name === undefined) return problem('not-found');
      const { follows } = call.body;
      if (follows != null && !call.right.domains.has(follows))
        return invalidAt('#/follows', 'this is none of your names');
      const seen = await settingsOf(name, services.hosts);
      if (!wasSeen(call.ifMatch, shownSettings(seen))) return problem('overtaken');
      const manager = manage(call, services);
      const outcome = await manager.hosts.change(name, changeOf(call.body), seen);
      if (outcome.kind === 'overtaken') return problem('overtaken');
      if (outcome.kind === 'follows-itself') return invalidAt('#/follows', 'a host cannot follow itself');
      if (follows != null && (await manager.endFollowing.ofNobody(name))) return problem('not-found');
      return tagged(shownSettings(outcome.host));
    },
  }),
];

/** A name of somebody else is answered like one that does not exist: nobody learns which names others have. */
function ownName({ params, right }: Call): DomainName | undefined {
  const name = parseDomainName(params['name'] ?? '');
  return name.ok && right.domains.has(name.value) ? name.value : undefined;
}

function shownHost(
  name: DomainName,
  summary: SeenSummary | undefined,
  watchedSince: number | undefined,
): z.input<typeof HostSchema> {
  if (summary === undefined) {
    return { name, state: 'new', addresses: allAddresses({}), report: null, silent_since: null };
  }
  const { addresses, report, silent } = summary;
  return {
    name,
    state: shownState(stateOf(summary, watchedSince)),
    addresses: allAddresses(addresses),
    report: report === undefined ? null : shownEvent(report),
    silent_since: silent === undefined ? null : timeText(silent.since),
  };
}

type Wanted<Address> =
  | { readonly kind: 'keep' | 'remove' }
  | { readonly kind: 'set'; readonly address: Address };

function wanted<Address>(address: Address | null | undefined): Wanted<Address> {
  if (address === undefined) return { kind: 'keep' };
  return address === null ? { kind: 'remove' } : { kind: 'set', address };
}

async function report(
  { user, token, right, from }: Call,
  { updateRecord }: ApiServices,
  host: HostUpdate,
): Promise<HostOutcome> {
  const principal = { user: user.name, domains: right.domains, offline: user.offline, token };
  const [outcome] = await updateRecord.execute({ principal, hosts: [host], from });
  if (outcome === undefined) throw new TypeError('a request for one name has no outcome');
  return outcome;
}

function problemOf(outcome: Exclude<HostOutcome, { readonly kind: 'changed' | 'unchanged' }>): Problem {
  switch (outcome.kind) {
    case 'unknown-name':
    case 'not-yours':
      return problem('not-found');
    case 'removal-not-allowed':
      return problem('not-allowed', { detail: 'Addresses of this host may not be removed.' });
    case 'no-host-part':
      return problem('refused', { detail: 'A host that follows this one has no interface id.' });
    case 'failed':
      return outcome.fault.refused
        ? problem('refused', { detail: outcome.fault.code })
        : passingProblem('not-confirmed', 60, outcome.fault.code);
  }
}

const byFamily = (addresses: readonly IpAddress[]) => {
  const of = (family: IpAddress['family']) =>
    addresses.filter((address) => address.family === family).map(({ text }) => text);
  return { ipv4: of('ipv4'), ipv6: of('ipv6') };
};

const settingsOf = async (name: DomainName, hosts: ApiServices['hosts']): Promise<HostSettings> =>
  (await hosts.find([name])).get(name) ?? unknownHost(name);

const shownSettings = (host: HostSettings): z.input<typeof SettingsSchema> => ({
  ttl: host.ttl ?? null,
  expect: host.expect === undefined ? null : durationText(host.expect),
  follows: host.follows ?? null,
  interface_id: host.interfaceId?.text ?? null,
  prefix_length: host.prefixLength ?? null,
  offline: host.offline,
  offline_after: host.offlineAfter === undefined ? null : durationText(host.offlineAfter),
});

function changeOf(body: z.output<typeof SettingsChange>): HostChange {
  const { interface_id: interfaceId, ...others } = body;
  const given = Object.entries({ ...others, interfaceId }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([setting, value]) => [setting, value ?? undefined]));
}
