import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import type { PasskeyVerifier } from '../../application/ports/passkey-verifier.ts';
import { type Passkey, parsePasskeyId } from '../../domain/passkey.ts';

/** What the browser has to have signed for: the origin of the pages, and their host as the relying party. */
type Expected = {
  readonly expectedOrigin: string;
  readonly expectedRPID: string;
  readonly requireUserVerification: true;
};

/** Judges answers of Web Authentication. The library is loaded when the first passkey is used. */
export class WebauthnPasskeyVerifier implements PasskeyVerifier {
  readonly #expected: Expected;

  /** @param url the address of the pages */
  constructor(url: URL) {
    this.#expected = {
      expectedOrigin: url.origin,
      expectedRPID: url.hostname,
      requireUserVerification: true,
    };
  }

  idIn(answer: string): string | undefined {
    const id = (read(answer) as { id?: unknown } | undefined)?.id;
    return typeof id === 'string' && parsePasskeyId(id).ok ? id : undefined;
  }

  async readNew(answer: string, challenge: string): ReturnType<PasskeyVerifier['readNew']> {
    const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
    const made = await unlessWrong(() =>
      verifyRegistrationResponse({
        response: read(answer) as RegistrationResponseJSON,
        expectedChallenge: challenge,
        ...this.#expected,
      }),
    );
    if (made?.verified !== true) return undefined;
    const { id, publicKey, counter } = made.registrationInfo.credential;
    return { id, publicKey: Buffer.from(publicKey).toString('base64url'), counter };
  }

  async counterAfterUse(answer: string, challenge: string, passkey: Passkey): Promise<number | undefined> {
    const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
    const publicKey = new Uint8Array(Buffer.from(passkey.publicKey, 'base64url'));
    const used = await unlessWrong(() =>
      verifyAuthenticationResponse({
        response: read(answer) as AuthenticationResponseJSON,
        expectedChallenge: challenge,
        credential: { id: passkey.id, publicKey, counter: passkey.counter },
        ...this.#expected,
      }),
    );
    return used?.verified === true ? used.authenticationInfo.newCounter : undefined;
  }
}

function read(answer: string): unknown {
  try {
    return JSON.parse(answer);
  } catch {
    return undefined;
  }
}

/** The library throws where an answer is wrong. It touches nothing but the answer, so there is no other fault. */
async function unlessWrong<Value>(judge: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await judge();
  } catch {
    return undefined;
  }
}
