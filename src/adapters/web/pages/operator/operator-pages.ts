import type Router from '@koa/router';
import type { PageServices } from '../../page-services.ts';
import type { PageState } from '../../visit.ts';
import { changesPage } from './changes.ts';
import { namesPage } from './names.ts';
import { noticesPage } from './notices.ts';
import { peoplePage } from './people.ts';
import { personPages } from './person.ts';
import { serversPage } from './servers.ts';
import { signInsPage } from './sign-ins.ts';
import { todayPage } from './today.ts';

/** What operators see and change. For all others these pages do not exist. */
export function operatorPages(router: Router<PageState>, services: PageServices): void {
  todayPage(router, services);
  peoplePage(router, services);
  personPages(router, services);
  namesPage(router, services);
  serversPage(router, services);
  signInsPage(router, services);
  noticesPage(router, services);
  changesPage(router, services);
}
