import type { IpAddress } from '../../domain/ip-address.ts';
import type { Principal } from '../../domain/principal.ts';
import type { HostUpdate } from './wanted-names.ts';

/** One request of an authenticated client. */
export type UpdateRequest = {
  readonly principal: Principal;
  /** Each name once. */
  readonly hosts: readonly HostUpdate[];
  /** Who asks: an address, and what the program there calls itself. For the history. */
  readonly from?: Origin | undefined;
};

export type Origin = { readonly address: IpAddress; readonly program?: string | undefined };
