import type Router from '@koa/router';
import { certifiedBy } from '../../../domain/challenge-name.ts';
import { principalOf } from '../../../domain/principal.ts';
import { CERTIFICATES } from '../../snippets/certificates.ts';
import { address, table, timeAgo } from '../components.ts';
import { type Content, html } from '../html.ts';
import type { PageServices } from '../page-services.ts';
import { type PageContext, type PageState, signedInOf } from '../visit.ts';
import { offerClients } from './offer-clients.ts';

/** Certificates: choose a program, get its configuration, see its challenge arrive, and which ones stand. */
export function certificatesPage(router: Router<PageState>, services: PageServices): void {
  offerClients(router, services, {
    path: '/certificates',
    use: 'certificates',
    words: ({ certificates }) => certificates,
    groups: ({ certificates }) => [{ title: certificates.programs, clients: CERTIFICATES }],
    empty: (context) => {
      const { hosts, certificates } = context.state.visit.words;
      const { user } = signedInOf(context);
      if (user.domains.length === 0) return hosts.none;
      return user.certificates === false ? certificates.notAllowed : undefined;
    },
    below: (context) => standingChallenges(context, services),
  });
}

async function standingChallenges(
  context: PageContext,
  { answerChallenges, clock }: PageServices,
): Promise<Content> {
  const { words } = context.state.visit;
  const { certificates } = words;
  const standing = await answerChallenges.standing(principalOf(signedInOf(context).user));
  return html`<section aria-labelledby="standing"><h2 id="standing">${certificates.standing}</h2>
<p class="quiet">${certificates.standingLead}</p>
${
  standing.length === 0
    ? html`<p>${certificates.noneStand}</p>`
    : table(
        [certificates.name, certificates.place, certificates.since],
        standing.map(
          ({ asked, place, since }) => html`<tr><th scope="row">${certifiedBy(asked) ?? asked}</th>
<td>${address(place)}</td><td>${timeAgo(since, clock.now(), words)}</td></tr>`,
        ),
        '',
      )
}</section>`;
}
