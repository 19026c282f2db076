import { type Account, type Client, render, SECRET_NOTES } from '../snippets/client.ts';
import { copyable, note } from './components.ts';
import { type Content, html } from './html.ts';
import type { Visit } from './visit.ts';

/** The third step: the text for a client, with the token in it. */
export function finishedText(
  { words }: Visit,
  client: Client,
  account: Account & { readonly secret: string },
): Content {
  const { setUp, deviceTexts } = words;
  const notes = client.notes.filter((one) => !NEEDLESS.has(one));
  return html`<section aria-labelledby="text-title"><h2 id="text-title">3. ${setUp.textFor(client.title)}</h2>
${note('care', setUp.once)}
<p>${setUp.goesTo} ${inline(client.place, deviceTexts)}</p>
${copyable('text', render(client, account).trimEnd(), words, 'primary')}
${notes.length > 0 && html`<ul>${notes.map((one) => html`<li>${inline(one, deviceTexts)}</li>`)}</ul>`}
<details><summary>${setUp.tokenAlone}</summary>${copyable('token', account.secret, words)}</details></section>`;
}

/** Notes about the secret. They are not needed here: the text has its secret already. */
const NEEDLESS: ReadonlySet<string> = new Set(Object.values(SECRET_NOTES));

/** Markdown of one line: code stands between backticks. `words` translates it into the language of the reader. */
const inline = (text: string, words: Readonly<Record<string, string>>): Content =>
  (words[text] ?? text)
    .split('`')
    .map((part, index) => (index % 2 === 0 ? part : html`<code>${part}</code>`));
