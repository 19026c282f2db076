/** A sign-in at the provider that has begun. */
export type ProviderSignIn = {
  /** Where the browser goes. */
  readonly url: string;
  /** The browser brings it back. It cannot be guessed. */
  readonly state: string;
  /** What `finish` needs, and nobody else may see. */
  readonly secrets: ProviderSecrets;
};

export type ProviderSecrets = { readonly nonce: string; readonly verifier: string };

export type ProviderAnswer =
  /** What the provider calls whoever signed in there: the value of the claim that the settings name. */
  | { readonly kind: 'identified'; readonly identity: string }
  /** `reason` is for the log. It has no secrets. */
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Somebody else who knows who people are. It is asked only when somebody signs in by it. Rejects with a DynonymError
 * when it cannot be reached.
 */
export interface IdentityProvider {
  /** What people call it. */
  readonly name: string;

  begin(): Promise<ProviderSignIn>;

  /** @param query what the browser brought back, without the question mark */
  finish(query: string, state: string, secrets: ProviderSecrets): Promise<ProviderAnswer>;

  /** Where a browser signs out of the provider too. Undefined where that is not possible, or not known yet. */
  signOutUrl(): string | undefined;
}
