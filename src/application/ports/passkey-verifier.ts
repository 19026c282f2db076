import type { Passkey } from '../../domain/passkey.ts';

/**
 * Judges what an authenticator signed. `answer` is what the browser sent, whatever that is. An answer counts only if it
 * was made for the pages of this server and for `challenge`, and after the authenticator had verified its user.
 */
export interface PasskeyVerifier {
  /** The id of the passkey that an answer claims to be of. Undefined where the text is no answer at all. */
  idIn(answer: string): string | undefined;

  /** A passkey that was made just now. Undefined where the answer does not count. */
  readNew(
    answer: string,
    challenge: string,
  ): Promise<Pick<Passkey, 'id' | 'publicKey' | 'counter'> | undefined>;

  /** The counter after a use. Undefined where the answer does not count, or where the counter shows a copied key. */
  counterAfterUse(answer: string, challenge: string, passkey: Passkey): Promise<number | undefined>;
}
