import type Router from '@koa/router';
import { DEVICES } from '../../snippets/devices.ts';
import { PROGRAMS } from '../../snippets/programs.ts';
import type { PageServices } from '../page-services.ts';
import { type PageState, signedInOf } from '../visit.ts';
import { offerClients } from './offer-clients.ts';

/** Set up: choose a device, get its configuration, and see its first report arrive. */
export function setUpPage(router: Router<PageState>, services: PageServices): void {
  offerClients(router, services, {
    path: '/setup',
    use: 'updates',
    words: ({ setUp }) => setUp,
    groups: ({ setUp }) => [
      { title: setUp.devices, clients: DEVICES },
      { title: setUp.programs, clients: PROGRAMS },
    ],
    empty: (context) =>
      signedInOf(context).user.domains.length === 0 ? context.state.visit.words.hosts.none : undefined,
  });
}
