import { readFileSync } from 'node:fs';
import type { ResponseVerdict } from '../../../src/adapters/dns-wire/tsig.ts';
import type { RequestVerdict } from '../../../src/adapters/dns-wire/tsig-server.ts';
import { domainName } from '../../../src/domain/domain-name.ts';
import type { TsigAlgorithm, TsigKey } from '../../../src/domain/tsig-key.ts';
import { octetsOf } from '../../support/octets.ts';

type KeyText = { readonly name: string; readonly algorithm: TsigAlgorithm; readonly secret: string };

export type RecordedUpdate = {
  readonly server: string;
  readonly case: string;
  readonly client: KeyText;
  readonly request: string;
  readonly response: string;
  readonly rcode: string;
  /** What `ResponseVerdict` is in JSON. */
  readonly verdict: { readonly kind: ResponseVerdict['kind'] };
  readonly asServer?: {
    readonly known: KeyText;
    readonly clock: number;
    /** Kind, and the name of the error. */
    readonly verdict: RequestVerdict['kind'] | `${RequestVerdict['kind']} ${string}`;
    readonly sameTsig: boolean;
  };
};

export type RecordedAnswers = {
  /** By what was asked. */
  readonly answers: Readonly<Record<string, string>>;
  readonly transfer: { readonly request: string; readonly messages: readonly string[] };
};

const textOf = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8');

export const signedUpdate = (): Buffer => octetsOf(textOf('signed-update.hex'));
export const recordedUpdates = (): readonly RecordedUpdate[] => JSON.parse(textOf('updates.json'));
export const recordedAnswers = (): RecordedAnswers => JSON.parse(textOf('bind-answers.json'));

export function keyOf({ name, algorithm, secret }: KeyText): TsigKey {
  return { name: domainName(name), algorithm, secret: Buffer.from(secret) };
}

/** Every whole message among the recordings. */
export function recordedMessages(): Buffer[] {
  const { answers, transfer } = recordedAnswers();
  return [
    signedUpdate(),
    ...[
      ...recordedUpdates().flatMap(({ request, response }) => [request, response]),
      ...[...Object.values(answers), transfer.request, ...transfer.messages],
    ].map(octetsOf),
  ];
}
