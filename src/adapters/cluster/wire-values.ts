import * as z from 'zod';
import {
  type FurtherListener,
  type HttpSettings,
  LOG_LEVELS,
  type LogSettings,
} from '../../application/manage/settings.ts';
import { DNS_FAULT_CODES, DnsFault } from '../../application/ports/dns-fault.ts';
import type { WantedName, WantedRecordSet } from '../../application/update/plan-change.ts';
import type { Reconciliation } from '../../application/update/reconcile-records.ts';
import { parseDomainName } from '../../domain/domain-name.ts';
import { DynonymError, type Parsed } from '../../domain/errors.ts';
import { parseIpAddress, parseIpv4, parseIpv6 } from '../../domain/ip-address.ts';
import { parseIpv6Prefix } from '../../domain/ipv6-prefix.ts';
import { parseTtl } from '../../domain/ttl.ts';

// The values of the core as they come out of JSON, read back into what they were. They are sent as they are,
// except for errors, of which JSON would keep nothing.

/** A text that the domain reads. */
export function text<Value>(parse: (text: string) => Parsed<Value>) {
  return z.string().transform((input, context) => {
    const parsed = parse(input);
    if (parsed.ok) return parsed.value;
    context.addIssue({ code: 'custom', message: parsed.reason });
    return z.NEVER;
  });
}

/** A value that the core keeps together with its canonical text, which says all of it. */
function withText<Value>(parse: (text: string) => Parsed<Value>) {
  return z.object({ text: text(parse) }).transform((input) => input.text);
}

export const address = withText(parseIpAddress);

export const ttl = z.number().transform((seconds, context) => {
  const parsed = parseTtl(seconds);
  if (parsed.ok) return parsed.value;
  context.addIssue({ code: 'custom', message: parsed.reason });
  return z.NEVER;
});

const ipv4Set = z.object({ type: z.literal('A'), ttl, addresses: z.array(withText(parseIpv4)) });
const ipv6Set = z.object({ type: z.literal('AAAA'), ttl, addresses: z.array(withText(parseIpv6)) });
const recordSet = z.discriminatedUnion('type', [ipv4Set, ipv6Set]);

/** Told apart by hand: a union would read one after the other, and make errors of what does not fit. */
const wantedIpv6Set = z
  .object({
    type: z.literal('AAAA'),
    ttl,
    addresses: z.array(withText(parseIpv6)).optional(),
    prefix: withText(parseIpv6Prefix).optional(),
  })
  .transform(({ type, ttl, addresses, prefix }, context): WantedRecordSet => {
    if (addresses !== undefined) return { type, ttl, addresses };
    if (prefix !== undefined) return { type, ttl, prefix };
    context.addIssue({ code: 'custom', message: 'neither addresses nor a prefix' });
    return z.NEVER;
  });

export const wantedName: z.ZodType<WantedName> = z.object({
  name: text(parseDomainName),
  recordSets: z.array(z.discriminatedUnion('type', [ipv4Set, wantedIpv6Set])),
});

/** An error without its stack: what a log line would tell of it. */
export type ErrorOnWire = {
  readonly code?: string | undefined;
  readonly name: string;
  readonly message: string;
  readonly cause?: ErrorOnWire | undefined;
};

const errorOnWire: z.ZodType<ErrorOnWire> = z.lazy(() =>
  z.object({
    code: z.string().optional(),
    name: z.string(),
    message: z.string(),
    cause: errorOnWire.optional(),
  }),
);

/** No chain of causes that is worth reading is longer; one that runs in a circle ends here. */
const DEEPEST = 8;

export function onWire(error: Error, deepest = DEEPEST): ErrorOnWire {
  const { name, message, cause } = error;
  return {
    name,
    message,
    ...('code' in error && typeof error.code === 'string' && { code: error.code }),
    ...(deepest > 0 && cause instanceof Error && { cause: onWire(cause, deepest - 1) }),
  };
}

function offWire({ code, name, message, cause }: ErrorOnWire): Error {
  const error = new Error(message, { cause: cause && offWire(cause) });
  return Object.assign(error, { name, ...(code !== undefined && { code }) });
}

/** A fault of the program's own, with the name and the words that it had where it happened. */
export const fault = errorOnWire.transform(({ code, message, cause }, context) => {
  if (code !== undefined) return new DynonymError(code, message, { cause: cause && offWire(cause) });
  context.addIssue({ code: 'custom', message: 'a fault has a code' });
  return z.NEVER;
});

const dnsFault = errorOnWire.transform(({ code, message, cause }, context) => {
  const known = DNS_FAULT_CODES.find((candidate) => candidate === code);
  if (known !== undefined) return new DnsFault(known, message, { cause: cause && offWire(cause) });
  context.addIssue({ code: 'custom', message: 'this is no fault of the DNS' });
  return z.NEVER;
});

export const reconciliation: z.ZodType<Reconciliation> = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['changed', 'unchanged']), recordSets: z.array(recordSet) }),
  z.object({ kind: z.literal('no-host-part') }),
  z.object({ kind: z.literal('failed'), fault: dnsFault }),
]);

export type ReconciliationOnWire =
  | Exclude<Reconciliation, { kind: 'failed' }>
  | { readonly kind: 'failed'; readonly fault: ErrorOnWire };

export function resultOnWire(result: Reconciliation): ReconciliationOnWire {
  return result.kind === 'failed' ? { ...result, fault: onWire(result.fault) } : result;
}

const socket = z.object({ address, port: z.int().min(0).max(65_535) });

export const adminSocket = z.object({ socket });

// JSON leaves out what is undefined.
const furtherListener = z
  .object({ socket, tls: z.boolean(), routes: z.array(z.string()).optional() })
  .transform(({ socket, tls, routes }): FurtherListener => ({ socket, tls, routes }));

export const httpSettings: z.ZodType<HttpSettings> = z
  .object({
    socket,
    workers: z.int().min(1),
    trustedProxies: z.array(z.object({ address, length: z.int().min(0).max(128) })),
    connectionsPerSite: z.int().min(1),
    tls: z.object({ cert: z.string(), key: z.string() }).optional(),
    listeners: z.array(furtherListener),
  })
  .transform(({ tls, ...rest }) => ({ ...rest, tls }));

export const logSettings: z.ZodType<LogSettings> = z
  .object({ level: z.enum(LOG_LEVELS), audit: z.string().optional() })
  .transform(({ level, audit }) => ({ level, audit }));
