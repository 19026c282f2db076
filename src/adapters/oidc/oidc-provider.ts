import type * as OpenIdClient from 'openid-client';
import type { Configuration } from 'openid-client';
import type { ProviderSettings } from '../../application/manage/settings.ts';
import type {
  IdentityProvider,
  ProviderAnswer,
  ProviderSecrets,
  ProviderSignIn,
} from '../../application/ports/identity-provider.ts';
import { DynonymError } from '../../domain/errors.ts';

/** Seconds that the provider has for an answer. */
const PATIENCE = 5;

/** The path to which the provider sends browsers back. It is registered there, letter by letter. */
export const CALLBACK = '/sign-in/oidc/callback';

/**
 * A provider of OpenID Connect: the authorization code flow with PKCE, state and nonce. The library is loaded, and the
 * provider asked what it can do, at the first sign-in; what it said is kept.
 */
export class OidcProvider implements IdentityProvider {
  readonly #settings: ProviderSettings;
  readonly #web: URL;
  #asking: Promise<Configuration> | undefined;
  #signOutUrl: string | undefined;

  /** @param web the address of the pages */
  constructor(settings: ProviderSettings, web: URL) {
    this.#settings = settings;
    this.#web = web;
  }

  get name(): string {
    return this.#settings.name;
  }

  async begin(): Promise<ProviderSignIn> {
    const [oidc, provider] = await this.#open();
    const [state, nonce, verifier] = [oidc.randomState(), oidc.randomNonce(), oidc.randomPKCECodeVerifier()];
    const url = oidc.buildAuthorizationUrl(provider, {
      redirect_uri: new URL(CALLBACK, this.#web).href,
      scope: scopeOf(this.#settings.claim),
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
    });
    return { url: url.href, state, secrets: { nonce, verifier } };
  }

  async finish(query: string, state: string, { nonce, verifier }: ProviderSecrets): Promise<ProviderAnswer> {
    const [oidc, provider] = await this.#open();
    const { claim } = this.#settings;
    try {
      const answer = await oidc.authorizationCodeGrant(provider, new URL(`${CALLBACK}?${query}`, this.#web), {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
      });
      let claims: Claims = answer.claims() ?? {};
      // Most providers put no more than the subject into the token.
      if (claims[claim] === undefined && provider.serverMetadata().userinfo_endpoint !== undefined) {
        claims = await oidc.fetchUserInfo(provider, answer.access_token, String(claims['sub']));
      }
      return identityIn(claims, claim);
    } catch (error) {
      if (isAway(error)) throw this.#away(error);
      return { kind: 'refused', reason: reasonOf(error) };
    }
  }

  signOutUrl(): string | undefined {
    return this.#signOutUrl;
  }

  async #open(): Promise<readonly [typeof OpenIdClient, Configuration]> {
    const oidc = await import('openid-client');
    this.#asking ??= this.#discover(oidc);
    try {
      return [oidc, await this.#asking];
    } catch (error) {
      this.#asking = undefined; // the next sign-in asks again
      throw this.#away(error);
    }
  }

  async #discover(oidc: typeof OpenIdClient): Promise<Configuration> {
    const { issuer, clientId, clientSecret } = this.#settings;
    const provider = await oidc.discovery(
      new URL(issuer),
      clientId,
      undefined,
      oidc.ClientSecretBasic(clientSecret),
      {
        timeout: PATIENCE,
        // The settings take an issuer without HTTPS on this machine alone.
        execute: [
          oidc.enableNonRepudiationChecks,
          ...(issuer.startsWith('http:') ? [oidc.allowInsecureRequests] : []),
        ],
      },
    );
    if (provider.serverMetadata().end_session_endpoint !== undefined) {
      const signedOut = new URL('/?signed-out=', this.#web).href;
      this.#signOutUrl = oidc.buildEndSessionUrl(provider, { post_logout_redirect_uri: signedOut }).href;
    }
    return provider;
  }

  #away(cause: unknown): DynonymError {
    const message = `the OpenID Connect provider ${this.#settings.issuer} could not be used`;
    return new DynonymError('PROVIDER_UNREACHABLE', message, { cause });
  }
}

type Claims = Readonly<Record<string, unknown>>;

function identityIn(claims: Claims, claim: string): ProviderAnswer {
  const value = claims[claim];
  if (typeof value !== 'string' || value === '') {
    return { kind: 'refused', reason: `the provider sent no claim "${claim}"` };
  }
  // Many providers let people enter any mail address. Only a verified address identifies its user.
  if (claim === 'email' && claims['email_verified'] !== true) {
    return { kind: 'refused', reason: 'the provider has not verified this mail address' };
  }
  return { kind: 'identified', identity: value };
}

/** The scopes that bring a claim (OpenID Connect Core, section 5.4). */
const scopeOf = (claim: string): string =>
  claim === 'sub' ? 'openid' : claim === 'email' ? 'openid email' : 'openid profile';

/** `fetch` rejects with a TypeError where there is no answer. */
const isAway = (error: unknown): boolean =>
  (error instanceof TypeError && error.message === 'fetch failed') ||
  /_TIMEOUT$/.test(String((error as { code?: unknown }).code));

/** What the library, or the provider by its `error`, says is wrong. Neither holds a code or a token. */
function reasonOf(error: unknown): string {
  const { message, cause, error: word } = error as Partial<Record<'message' | 'cause' | 'error', unknown>>;
  const isWord = typeof word === 'string' && /^[a-z_]{1,40}$/.test(word);
  if (isWord) return `the provider says ${word}`;
  return cause instanceof Error ? cause.message : String(message);
}
