import * as z from 'zod';
import type { ListedName } from '../../../application/history/list-names.ts';
import { failingLogins } from '../../../application/login/failing-logins.ts';
import type { DomainName } from '../../../domain/domain-name.ts';
import type { Managed } from '../../../domain/event.ts';
import { socketText } from '../../../domain/socket-address.ts';
import { wordsOfConfiguration, wordsOfDomain } from '../../check-words/check-words.ts';
import { problem } from '../problems.ts';
import { OPERATE, route } from '../route.ts';
import {
  AddressesSchema,
  allAddresses,
  limit,
  listQuery,
  NextSchema,
  nextOf,
  partAsked,
  StateSchema,
  shownState,
  time,
  timeText,
} from '../schemas.ts';
import { AnyTarget, shownOutcome, shownTarget, TestedSchema } from './notices.ts';

const NameSchema = z
  .object({
    name: z.string(),
    users: z.array(z.string()).meta({ description: 'Who may report it. None: it follows another name.' }),
    state: StateSchema,
    addresses: AddressesSchema,
  })
  .meta({ id: 'Name' });

const ChangeSchema = z
  .object({
    at: time,
    by: z.string(),
    way: z.enum(['command', 'api', 'page']),
    deed: z.string(),
    user: z.string().optional(),
    name: z.string().optional(),
    token: z.string().optional(),
    passkey: z.string().optional(),
    settings: z.array(z.string()).optional(),
  })
  .meta({ id: 'Change', description: 'What somebody did to users, names, hosts or settings.' });

const FindingSchema = z
  .object({
    subject: z.string().meta({ description: 'The user, name, file or server that it is about.' }),
    code: z.string(),
    severity: z.enum(['problem', 'warning']),
    problem: z.string(),
    cure: z.string(),
  })
  .meta({ id: 'Finding', description: 'Something that is wrong, and what to do about it.' });

const TargetSchema = AnyTarget.meta({ id: 'Target', description: 'Where notices of the operator go.' });

const SiteSchema = z
  .object({
    site: z.string().meta({ description: 'An address, or a network of IPv6.' }),
    user: z
      .string()
      .nullable()
      .meta({ description: 'Whose password was wrong. Null: of whatever names, or of none that there is.' }),
    failures: z.int().meta({ description: 'Different wrong credentials within ten minutes.' }),
    paused: z.int().meta({ description: 'Seconds until the pause ends; 0 without one.' }),
  })
  .meta({ id: 'Site', description: 'Where logins fail or are paused.' });

export const serverRoutes = [
  route({
    ...OPERATE,
    method: 'GET',
    path: '/names',
    summary: 'All names and who holds them, in the order of the names',
    query: listQuery('The beginning of a name, or the user who holds it. Empty: all.').extend({
      trouble: z.literal('true').optional().meta({
        description:
          'Names in trouble alone: failed, disagrees or silent. search is then the beginning of a name.',
      }),
    }),
    shown: z.object({ names: z.array(NameSchema), next: NextSchema }),
    async handle({ query }, { listNames }) {
      const part = partAsked<DomainName>(query);
      const found = await (query.trouble === undefined ? listNames.page(part) : listNames.troubled(part));
      return { body: { names: found.rows.map(shownName), next: nextOf(found) } };
    },
  }),
  route({
    ...OPERATE,
    method: 'GET',
    path: '/changes',
    summary: 'Who changed what, the latest first',
    query: z.strictObject({ limit: limit(1000, 100) }),
    shown: z.object({ changes: z.array(ChangeSchema) }),
    async handle({ query }, { managementHistory }) {
      return { body: { changes: (await managementHistory.last(query.limit)).map(shownChange) } };
    },
  }),
  route({
    ...OPERATE,
    method: 'GET',
    path: '/check',
    summary: 'What check finds',
    description: 'The primaries are asked about every name, so it may take a while.',
    shown: z.object({
      primaries: z.array(
        z.object({
          primary: z.string(),
          trouble: z.string().nullable().meta({ description: 'Why it does not answer.' }),
        }),
      ),
      certificate: z
        .enum(['certificate-missing', 'certificate-expired', 'certificate-overdue'])
        .nullable()
        .meta({ description: 'What is wrong with the certificate of our own HTTPS.' }),
      names: z.int().meta({ description: 'How many names and zones were looked at.' }),
      findings: z.array(FindingSchema),
    }),
    async handle(_, { checkAll, reportReadiness }) {
      const [primaries, { configuration, certificate, domains }] = await Promise.all([
        reportReadiness.execute(),
        checkAll.run(),
      ]);
      const ofConfiguration = configuration.map((finding) => ({
        ...wordsOfConfiguration(finding),
        code: finding.code,
        severity: 'warning' as const,
      }));
      const ofDomains = domains.flatMap(({ domain, findings }) =>
        findings.map((finding) => ({
          ...wordsOfDomain(domain, finding),
          subject: domain,
          code: finding.cause.code,
          severity: finding.severity,
        })),
      );
      return {
        body: {
          primaries: primaries.map(({ primary, trouble = null }) => ({
            primary: socketText(primary),
            trouble,
          })),
          certificate: certificate?.finding ?? null,
          names: domains.length,
          findings: [...ofDomains, ...ofConfiguration],
        },
      };
    },
  }),
  route({
    ...OPERATE,
    method: 'GET',
    path: '/notices',
    summary: 'Where notices of the operator go, and how that goes',
    shown: z.object({ targets: z.array(TargetSchema) }),
    async handle(_, services) {
      const targets = services.noticeTargets.ofOperator.map((target) => shownTarget(target, services));
      return { body: { targets } };
    },
  }),
  route({
    ...OPERATE,
    method: 'POST',
    path: '/notices/{id}/test',
    summary: 'Send a test notice',
    shown: TestedSchema,
    async handle({ params }, { noticeTargets, testNotices }) {
      const target = noticeTargets.ofOperator.find(({ id }) => id === params['id']);
      if (target === undefined) return problem('not-found');
      return { body: shownOutcome(await testNotices.sendTo(target)) };
    },
  }),
  route({
    ...OPERATE,
    method: 'GET',
    path: '/sites',
    summary: 'Where logins fail or are paused, the longest pauses first',
    query: z.strictObject({ limit: limit(1000, 100) }),
    shown: z.object({ sites: z.array(SiteSchema) }),
    async handle({ query }, services) {
      const sites = (await failingLogins(services, query.limit)).map(({ who, paused, ...site }) => ({
        ...site,
        user: typeof who === 'object' ? who.user : null,
        paused: Math.ceil(paused / 1000),
      }));
      return { body: { sites } };
    },
  }),
];

const shownName = ({ name, users, summary, state }: ListedName): z.input<typeof NameSchema> => ({
  name,
  users: [...users],
  state: shownState(state),
  addresses: allAddresses(summary?.addresses ?? {}),
});

const shownChange = ({ kind: _, at, settings, ...change }: Managed): z.input<typeof ChangeSchema> => ({
  ...change,
  at: timeText(at),
  ...(settings !== undefined && { settings: [...settings] }),
});
