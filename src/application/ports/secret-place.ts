/** Where the secrets of the configuration are kept. */
export interface SecretPlace {
  /** The places, in words for people, that everybody on this machine can read; none when all is well. */
  openToEverybody(): Promise<readonly string[]>;
}
