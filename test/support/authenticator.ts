import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

type Signed = {
  readonly origin: string;
  /** False: the authenticator has not verified its user. */
  readonly verified?: boolean;
};

/** What a page asks the browser for: a new passkey, or a use of one. */
type Asked = { readonly challenge: string; readonly rp?: { readonly id: string }; readonly rpId?: string };

/** An authenticator with one passkey (ES256, attestation `none`), and the browser in front of it. */
export class Authenticator {
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  readonly #id = randomBytes(16);
  /** How often it has signed. It counts up by itself. */
  counter = 0;

  get id(): string {
    return this.#id.toString('base64url');
  }

  /** The answer to a page that wants a new passkey. */
  make({ challenge, rp }: Asked, { origin, verified = true }: Signed): string {
    const clientDataJSON = clientData('webauthn.create', challenge, origin);
    const authData = Buffer.concat([
      this.#header(rp?.id ?? '', AT | (verified ? UV : 0)),
      Buffer.alloc(16), // the model of the authenticator, which it does not tell
      Buffer.from([0, this.#id.length]),
      this.#id,
      this.#coseKey(),
    ]);
    const attestationObject = Buffer.concat([
      Buffer.from([0xa3, 0x63, ...Buffer.from('fmt'), 0x64, ...Buffer.from('none')]),
      Buffer.from([0x67, ...Buffer.from('attStmt'), 0xa0]),
      Buffer.from([0x68, ...Buffer.from('authData'), 0x58, authData.length]),
      authData,
    ]);
    return this.#answer({ clientDataJSON, attestationObject });
  }

  /** The answer to a page that wants somebody to sign in. */
  use({ challenge, rpId = '' }: Asked, { origin, verified = true }: Signed): string {
    this.counter += 1;
    const clientDataJSON = clientData('webauthn.get', challenge, origin);
    const authenticatorData = this.#header(rpId, verified ? UV : 0);
    const hash = createHash('sha256').update(clientDataJSON).digest();
    const signature = sign('sha256', Buffer.concat([authenticatorData, hash]), this.#keys.privateKey);
    return this.#answer({ clientDataJSON, authenticatorData, signature });
  }

  #header(rpId: string, flags: number): Buffer {
    const header = Buffer.alloc(37);
    createHash('sha256').update(rpId).digest().copy(header);
    header[32] = UP | flags;
    header.writeUInt32BE(this.counter, 33);
    return header;
  }

  #coseKey(): Buffer {
    const { x = '', y = '' } = this.#keys.publicKey.export({ format: 'jwk' });
    return Buffer.concat([
      Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]),
      Buffer.from(x, 'base64url'),
      Buffer.from([0x22, 0x58, 0x20]),
      Buffer.from(y, 'base64url'),
    ]);
  }

  #answer(response: Readonly<Record<string, Buffer>>): string {
    const texts = Object.entries(response).map(([name, octets]) => [name, octets.toString('base64url')]);
    return JSON.stringify({
      id: this.id,
      rawId: this.id,
      type: 'public-key',
      clientExtensionResults: {},
      response: Object.fromEntries(texts),
    });
  }
}

/** Flags of authenticator data: the user is present, was verified, and a new credential follows. */
const [UP, UV, AT] = [0x01, 0x04, 0x40];

const clientData = (type: string, challenge: string, origin: string): Buffer =>
  Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
