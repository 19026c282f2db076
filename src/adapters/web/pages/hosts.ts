import type Router from '@koa/router';
import { note } from '../components.ts';
import { html } from '../html.ts';
import { show } from '../layout.ts';
import type { PageState } from '../visit.ts';
import { showSignIn } from './sign-in.ts';

/** My hosts: the names of a user, and how each of them is. */
export function hostPages(router: Router<PageState>): void {
  router.get('/', (context) => {
    const query = new URLSearchParams(context.state.query);
    const { words, signedIn } = context.state.visit;
    if (signedIn === undefined) {
      const path = query.get('next') ?? undefined;
      const message = query.has('signed-out')
        ? note('good', words.signIn.signedOut)
        : path !== undefined && note('plain', words.signIn.needed);
      return showSignIn(context, { message, ...(path !== undefined && { next: path }) });
    }
    const names = signedIn.user.domains.map((name) => html`<li class="card"><h2>${name}</h2></li>`);
    show(context, { title: words.frame.hosts, menu: '/', content: html`<ul class="cards">${names}</ul>` });
  });
}
