import { Agent } from 'node:https';
import { rootCertificates } from 'node:tls';
import type * as acmeClient from 'acme-client';
import type { Authorization, Client, Order } from 'acme-client';
import type { InternalAxiosRequestConfig } from 'axios';
import type { OwnCertificateSettings } from '../../application/manage/settings.ts';
import type {
  CertificateAuthority,
  ChallengeAnswers,
  DnsChallenge,
  IssuedCertificate,
} from '../../application/ports/certificate-authority.ts';
import type { Clock } from '../../application/ports/clock.ts';
import { pause } from '../../application/service/waiting.ts';
import { challengeNameOf } from '../../domain/challenge-name.ts';
import { type DomainName, parseDomainName } from '../../domain/domain-name.ts';
import { DynonymError } from '../../domain/errors.ts';
import { belongTogether, certificateFacts } from '../files/certificate-file.ts';
import type { AcmeFolder } from './acme-folder.ts';

type Acme = typeof acmeClient;

const ACCOUNT_FILE = 'account.pem';
/** Milliseconds for one answer of the authority. */
const ANSWER_TIME = 30_000;
/** Milliseconds between two questions for the state of an order, and the most questions. */
const POLL_INTERVAL = 2_000;
const MOST_POLLS = 150;

/** Orders certificates by ACME (RFC 8555) with DNS-01. One object a process: the settings of the client are global. */
export class AcmeCertificateAuthority implements CertificateAuthority {
  readonly #settings: OwnCertificateSettings;
  readonly #folder: AcmeFolder;
  readonly #clock: Clock;
  #client: Client | undefined;

  constructor(settings: OwnCertificateSettings, folder: AcmeFolder, clock: Clock) {
    this.#settings = settings;
    this.#folder = folder;
    this.#clock = clock;
  }

  async order(
    names: readonly DomainName[],
    answers: ChallengeAnswers,
    stop: AbortSignal,
  ): Promise<IssuedCertificate> {
    // Loading it takes longer than any command of dynonym.
    const acme = await import('acme-client');
    try {
      await this.#configure(acme, stop);
      this.#client ??= await this.#register(acme);
      return await this.#fulfil(acme, this.#client, { names, answers, stop });
    } catch (error) {
      // The account may be gone. The next order looks for it again.
      this.#client = undefined;
      throw faultOf(error, this.#settings.directory);
    }
  }

  async #configure(acme: Acme, stop: AbortSignal): Promise<void> {
    const { getAdapter } = await import('axios');
    const { ca, directory } = this.#settings;
    const send = getAdapter('http');
    Object.assign(acme.axios.defaults, {
      timeout: ANSWER_TIME,
      signal: stop,
      // Failures are repeated by whoever orders, with its own pauses.
      acmeSettings: { retryMaxAttempts: 0 },
      ...(ca !== undefined && { httpsAgent: new Agent({ ca: [...rootCertificates, ca] }) }),
      // The client loses an error of the network if axios made it. A DynonymError comes through.
      adapter: (config: InternalAxiosRequestConfig) =>
        send(config).catch((cause: Error & { readonly code?: string; readonly response?: unknown }) => {
          if (cause.response !== undefined) throw cause;
          throw unreachable(directory, cause);
        }),
    });
  }

  /** Finds or makes the account of the key. */
  async #register(acme: Acme): Promise<Client> {
    const { directory, email, externalAccount } = this.#settings;
    let accountKey = await this.#folder.read(ACCOUNT_FILE);
    if (accountKey === undefined) {
      accountKey = (await acme.crypto.createPrivateEcdsaKey()).toString();
      await this.#folder.write(ACCOUNT_FILE, accountKey);
    }
    const binding = externalAccount && { kid: externalAccount.keyId, hmacKey: externalAccount.key };
    const client = new acme.Client({
      directoryUrl: directory,
      accountKey,
      ...(binding && { externalAccountBinding: binding }),
    });
    const contact = email === undefined ? {} : { contact: [`mailto:${email}`] };
    await client.createAccount({ termsOfServiceAgreed: true, ...contact });
    return client;
  }

  async #fulfil(
    acme: Acme,
    client: Client,
    { names, answers, stop }: { names: readonly DomainName[]; answers: ChallengeAnswers; stop: AbortSignal },
  ): Promise<IssuedCertificate> {
    const identifiers = names.map((value) => ({ type: 'dns', value }));
    const order = await client.createOrder({ identifiers });
    const ready = order.status === 'pending' ? await this.#authorize(client, order, answers, stop) : order;
    const key = (await acme.crypto.createPrivateEcdsaKey()).toString();
    const [, request] = await acme.crypto.createCsr({ altNames: [...names] }, key);
    await client.finalizeOrder(ready, request);
    const valid = await this.#poll(client, order, ['valid'], stop);
    const chain = await client.getCertificate(valid);
    if (!belongTogether(chain, key) || !names.every((name) => certificateFacts(chain).names.includes(name))) {
      throw new Error('what it gave is no certificate for these names');
    }
    return { chain, key };
  }

  /** Presents all challenges at once, and cleans up all of them, whatever happens. */
  async #authorize(
    client: Client,
    order: Order,
    answers: ChallengeAnswers,
    stop: AbortSignal,
  ): Promise<Order> {
    const presented: DnsChallenge[] = [];
    try {
      const pending = (await client.getAuthorizations(order)).filter(({ status }) => status === 'pending');
      // All of them come to an end before anything is cleaned up.
      const attempts = await Promise.allSettled(
        pending.map(async (authorization) => {
          const { challenge, answer } = await dnsChallengeOf(client, authorization);
          presented.push(answer);
          await answers.present(answer, stop);
          return challenge;
        }),
      );
      const challenges = attempts.map((attempt) => {
        if (attempt.status === 'rejected') throw attempt.reason;
        return attempt.value;
      });
      for (const challenge of challenges) await client.completeChallenge(challenge);
      return await this.#poll(client, order, ['ready', 'valid'], stop);
    } finally {
      await Promise.all(presented.map((answer) => answers.cleanUp(answer)));
    }
  }

  async #poll(client: Client, order: Order, wanted: readonly string[], stop: AbortSignal): Promise<Order> {
    for (let poll = 0; poll < MOST_POLLS; poll += 1) {
      const present = await client.getOrder(order);
      if (wanted.includes(present.status)) return present;
      if (present.status === 'invalid') throw new Error(await reasonOf(client, present));
      await pause(this.#clock, POLL_INTERVAL, stop);
    }
    throw new Error('it does not come to an end with the order');
  }
}

async function dnsChallengeOf(client: Client, { challenges, identifier }: Authorization) {
  const challenge = challenges.find(({ type }) => type === 'dns-01');
  if (challenge === undefined) throw new Error(`it offers no DNS-01 challenge for ${identifier.value}`);
  const certified = parseDomainName(identifier.value);
  const name = certified.ok ? challengeNameOf(certified.value) : certified;
  if (!name.ok) throw new Error(`it asks for "${identifier.value}", which is no name: ${name.reason}`);
  // For DNS-01, the digest that stands in the TXT record.
  const value = await client.getChallengeKeyAuthorization(challenge);
  return { challenge, answer: { name: name.value, value } };
}

/** Why the authority rejected an order. Mostly one of the challenges has the reason. */
async function reasonOf(client: Client, order: Order): Promise<string> {
  const authorizations = await client.getAuthorizations(order).catch(() => []);
  const errors = authorizations.flatMap(({ challenges }) =>
    challenges.flatMap((challenge) => ('error' in challenge ? [challenge.error] : [])),
  );
  const [detail] = [order.error, ...errors].flatMap((error) =>
    typeof error === 'object' && error !== null && 'detail' in error ? [String(error.detail)] : [],
  );
  return detail ?? 'it rejected the order without a reason';
}

/** Anything may come back: a page of a proxy, or what is no text. */
const LONGEST_REASON = 300;

function faultOf(cause: unknown, directory: string): DynonymError {
  if (cause instanceof DynonymError) return cause;
  const reason = (cause as Error).message.replace(/\s+/g, ' ').slice(0, LONGEST_REASON);
  const message = `the authority ${new URL(directory).host} gave no certificate: ${reason}`;
  return new DynonymError('CA_REFUSED', message, { cause });
}

function unreachable(directory: string, cause: Error & { readonly code?: string }): DynonymError {
  // If several addresses of a host fail, Node.js gives one error with a code and without a message.
  const reason = cause.message || String(cause.code);
  const message = `the authority ${new URL(directory).host} cannot be reached: ${reason}`;
  return new DynonymError('CA_UNREACHABLE', message, { cause });
}
