import type { DomainName } from '../../domain/domain-name.ts';
import type { User } from '../../domain/user.ts';
import type { Account, Client } from '../snippets/client.ts';
import type { Catalogue } from './catalogue.en.ts';
import { checkbox, fieldOfName, form } from './components.ts';
import type { Errors, Typed } from './forms.ts';
import { type Content, html } from './html.ts';
import type { Visit } from './visit.ts';

/** Clients that are shown together. */
export type Group = { readonly title: string; readonly clients: readonly Client[] };

type Choice = { readonly client: Client; readonly names: readonly DomainName[] };

/** Reads which client was chosen, and for which of the user's names. Everything that is wrong is said at once. */
export function readChoice(
  typed: Typed,
  groups: readonly Group[],
  { user, url }: { readonly user: User; readonly url: URL },
  { setUp }: Catalogue,
): { readonly ok: true; readonly choice: Choice } | { readonly ok: false; readonly errors: Errors } {
  const client = groups.flatMap(({ clients }) => clients).find(({ id }) => id === typed['client']);
  const names = user.domains.filter((name) => typed[fieldOfName(name)] !== undefined);
  const account: Account = { url, user: user.name, domains: names };
  const refusal = client?.refuse?.(account);
  const errors = {
    ...(client === undefined && { client: setUp.chooseClient }),
    ...(refusal !== undefined && { client: refusal.reason }),
    ...(names.length === 0 && { names: setUp.chooseNames }),
  };
  return client === undefined || Object.keys(errors).length > 0
    ? { ok: false, errors }
    : { ok: true, choice: { client, names } };
}

type Options = {
  readonly path: string;
  readonly groups: readonly Group[];
  readonly which: string;
  readonly names: readonly DomainName[];
  /** What was typed before. Without it, all names are chosen. */
  readonly typed?: Typed | undefined;
  readonly errors?: Errors;
};

/** The first two steps: which client, and which names. */
export function choiceForm(visit: Visit, options: Options): Content {
  const { setUp } = visit.words;
  const { path, which, errors = {} } = options;
  return form(
    visit,
    path,
    html`${step('client', `1. ${which}`, errors, clientChoices(visit.words, options))}
${step('names', `2. ${setUp.whichNames}`, errors, nameChoices(options))}
<div><button class="primary">${setUp.make}</button></div>`,
    'steps',
  );
}

function step(name: 'client' | 'names', title: string, { [name]: error }: Errors, choices: Content): Content {
  return html`<fieldset${error !== undefined && html` aria-describedby="${name}-error"`}><legend><h2>${title}</h2></legend>
${error !== undefined && html`<p class="error" id="${name}-error" tabindex="-1" autofocus>${error}</p>`}
${choices}</fieldset>`;
}

/** The search field is hidden until its script shows it: without the script, it does nothing. */
function clientChoices({ setUp }: Catalogue, { groups, typed }: Options): Content {
  const choice = ({ id, title }: Client) =>
    html`<label class="choice"><input type="radio" name="client" value="${id}"${typed?.['client'] === id && html` checked`}>${title}</label>`;
  return html`<div class="search" hidden><label for="search">${setUp.search}</label>
<input id="search" type="search" data-filter="clients" autocomplete="off" spellcheck="false"></div>
<div class="choices" id="clients">${groups.map(
    ({ title, clients }) => html`<div class="group"><h3>${title}</h3>${clients.map(choice)}</div>`,
  )}</div>`;
}

function nameChoices({ names, typed }: Options): Content {
  return names.map((name) => {
    const isChosen = typed === undefined || typed[fieldOfName(name)] !== undefined;
    return checkbox(fieldOfName(name), html`<span class="name">${name}</span>`, isChosen);
  });
}
