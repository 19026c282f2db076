/** How many entries differ. */
export type EntryCount = { readonly added: number; readonly removed: number; readonly changed: number };

export type EntryChanges = { readonly users: EntryCount; readonly hosts: EntryCount };

/** Users and hosts that are beside the settings, where others change them too while the program runs. */
export interface EntryWatch {
  /**
   * What others have changed since the last call, or since the first content. What this process has changed is not
   * counted. Undefined: nothing has changed at all, by whomever.
   */
  sinceLast(): Promise<EntryChanges | undefined>;
}
