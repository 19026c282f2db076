/** Where the secrets of the configuration are kept. */
export interface SecretPlace {
  /** The place for people, when everybody on this machine can read it; undefined when all is well. */
  openToEverybody(): Promise<string | undefined>;
}
