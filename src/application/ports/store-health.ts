/** Whether the store of users and hosts answers. */
export type StoreState =
  | { readonly answers: true }
  | {
      readonly answers: false;
      /** Milliseconds for which users who are known go on without it; 0 when nobody does. */
      readonly knownFor: number;
    };

export interface StoreHealth {
  state(): StoreState;
}
