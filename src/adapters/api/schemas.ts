import * as z from 'zod';
import type { Part, PartOf } from '../../application/ports/part.ts';
import type { Parsed } from '../../domain/errors.ts';
import type { Addresses } from '../../domain/event.ts';
import type { NameState } from '../../domain/name-summary.ts';
import type { SeenEvent } from '../../domain/seen-event.ts';
import { parsing, textBy } from '../files/parsing.ts';
import type { ApiServices } from './api-services.ts';

/** A text that `parse` of the domain reads. */
export function text<Value>(parse: (text: string) => Parsed<Value>, description: string) {
  return textBy(parse).meta({ description });
}

export function integer<Value>(parse: (value: number) => Parsed<Value>, description: string) {
  return z.int().transform(parsing(parse)).meta({ description });
}

/** A number of the query, which is text. */
export const limit = (most: number, usual: number) =>
  z.coerce.number().int().min(1).max(most).default(usual).meta({ description: 'How many at most.' });

/** A list in the order of names, which may be long. */
export const partQuery = z.strictObject({
  limit: limit(200, 50),
  after: z.string().max(255).optional().meta({ description: 'The value of next in the answer before.' }),
});

/** The same for a list in which names may be searched for. */
export const listQuery = (search: string) =>
  partQuery.extend({ search: z.string().max(255).default('').meta({ description: search }) });

export const partAsked = <Name extends string>({
  limit,
  after,
  search,
}: z.output<ReturnType<typeof listQuery>>): Part<Name> => ({
  search: search.trim(),
  after: after as Name | undefined,
  most: limit,
});

export const NextSchema = z.string().nullable().meta({ description: 'Null: these were the last.' });
export const nextOf = ({ rows, hasMore }: PartOf<{ readonly name: string }>): string | null =>
  hasMore ? (rows.at(-1)?.name ?? null) : null;

export const time = z.iso.datetime();
/** @param at milliseconds since 1970-01-01 UTC */
export const timeText = (at: number): string => new Date(at).toISOString();

const FewAddresses = z.object({
  ipv4: z.array(z.string()).optional(),
  ipv6: z.array(z.string()).optional(),
});

export const AddressesSchema = FewAddresses.required().meta({
  id: 'Addresses',
  description: 'What the DNS holds, as far as dynonym was told.',
});

export const allAddresses = ({ ipv4 = [], ipv6 = [] }: Addresses): z.input<typeof AddressesSchema> => ({
  ipv4: [...ipv4],
  ipv6: [...ipv6],
});

const Reported = z.object({
  kind: z.literal('reported'),
  at: time,
  user: z.string().optional().meta({
    description:
      'Missing, with all that tells of the reporter: somebody else, who does not hold the name now.',
  }),
  token: z.string().optional(),
  from: z.string().optional().meta({ description: 'The address of the client.' }),
  program: z.string().optional().meta({ description: 'What the client calls itself.' }),
  asked: z.object({
    ipv4: z.string().optional(),
    ipv6: z.string().optional(),
    prefix: z.string().optional(),
    offline: z.literal(true).optional(),
  }),
  outcome: z.enum(['changed', 'unchanged', 'refused', 'failed']),
  reason: z.string().optional().meta({ description: 'Why it was refused, or the code of the fault.' }),
  addresses: FewAddresses.optional(),
  follows: z
    .string()
    .optional()
    .meta({ description: 'The name that was reported, and that this one follows.' }),
  repeated: z.object({ times: z.int(), since: time }).optional(),
});

const milliseconds = z.number().meta({ description: 'Milliseconds.' });

export const EventSchema = z
  .discriminatedUnion('kind', [
    Reported,
    z.object({
      kind: z.literal('changed'),
      at: time,
      zone: z.string(),
      before: FewAddresses.optional(),
      after: FewAddresses,
    }),
    z.object({ kind: z.literal('visible'), at: time, after: milliseconds, servers: z.int() }),
    z.object({
      kind: z.literal('behind'),
      at: time,
      server: z.string(),
      since: time,
      has: FewAddresses.optional(),
    }),
    z.object({ kind: z.literal('silent'), at: time, since: time, expected: milliseconds }),
    z.object({ kind: z.literal('back'), at: time, since: time }),
    z.object({ kind: z.literal('taken-off'), at: time, since: time }),
    z.object({ kind: z.literal('flapping'), at: time, changes: z.int() }),
  ])
  .meta({ id: 'Event', description: 'Something that happened to a name.' });

export const StateSchema = z
  .enum(['new', 'up-to-date', 'waiting', 'silent', 'disagrees', 'failed', 'off'])
  .meta({ description: 'New: nothing is known of it yet.' });

export const shownState = (state: NameState | undefined): z.input<typeof StateSchema> =>
  state === 'up to date' ? 'up-to-date' : (state ?? 'new');

export const LinkSchema = z
  .object({
    id: z.string().meta({ description: 'By which it can be withdrawn.' }),
    link: z.string(),
    until: time,
  })
  .meta({ id: 'Link' });

export const shownLink = (
  secret: string,
  until: number,
  { web, tokens }: Pick<ApiServices, 'web' | 'tokens'>,
): z.input<typeof LinkSchema> => ({
  id: tokens.digestOf(secret),
  link: new URL(`/invitation/${secret}`, web.url).href,
  until: timeText(until),
});

/** An event without the name, which stands in the path, and with its times as text. */
export function shownEvent<Kind extends SeenEvent>({ name: _, ...event }: Kind) {
  const withTimes = (key: string, value: unknown) =>
    key === 'at' || key === 'since' ? timeText(Number(value)) : value;
  return JSON.parse(JSON.stringify(event, withTimes));
}

export const ReportSchema = Reported.meta({ id: 'Report', description: 'The last report of a name.' });
