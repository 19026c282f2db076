import { html } from '../../html.ts';
import type { PageServices } from '../../page-services.ts';
import type { PageContext } from '../../visit.ts';
import { showOperator } from './frame.ts';

/** Shows a new link, this once: its secret is not kept. */
export function showLink(
  context: PageContext,
  { web }: PageServices,
  secret: string,
  back: { readonly path: string; readonly label: string },
): void {
  const { operator, frame } = context.state.visit.words;
  const { people } = operator;
  const link = new URL(`/invitation/${secret}`, web.url).href;
  const content = html`<p>${people.linkLead} ${people.linkGood}</p>
<pre class="wrapped"><code id="link">${link}</code></pre>
<p><button type="button" class="primary" data-copy="link" data-done="${frame.copied}" hidden>${frame.copy}</button>
<a class="button" href="${back.path}">${back.label}</a></p>`;
  showOperator(context, '/operator/people', { title: people.linkTitle, content });
}
