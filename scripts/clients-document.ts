import { SNIPPETS } from '../src/adapters/cli/snippet.command.ts';
import { type Account, render } from '../src/adapters/snippets/client.ts';
import { domainName } from '../src/domain/domain-name.ts';

const EXAMPLE: Account = {
  url: new URL('https://ddns.example.org'),
  user: 'alice',
  domains: [domainName('home.example.org'), domainName('cam.example.org')],
};

/** The text of docs/clients.md, made from the snippets that `dynonym snippet` prints. */
export function clientsDocument(): string {
  const sections = SNIPPETS.map((snippet) =>
    [
      `## ${snippet.title}`,
      '',
      `\`dynonym snippet ${snippet.id} --user alice --domain home.example.org --domain cam.example.org\``,
      '',
      `Goes to: ${snippet.place}`,
      '',
      '```',
      render(snippet, EXAMPLE).trimEnd(),
      '```',
      ...snippet.notes.flatMap((note) => ['', note]),
      '',
    ].join('\n'),
  );
  return [
    '# Set-up of clients',
    '',
    '<!-- Written by `npm run docs`; edit src/adapters/snippets instead. -->',
    '',
    'The same texts, with your own names in them, come from `dynonym snippet CLIENT --user USER --domain DOMAIN…`',
    '`[--url URL]`. `PASSWORD` stands where the password goes; an update token (`dynonym configure users token add`)',
    'works in its place, and opens less when a device is lost. The page *Set up* shows them with a fresh token',
    '([pages.md](pages.md#set-up)).',
    '',
    'Every client can send a password of letters, digits, `_` and `-`, and so an update token, which is made of them.',
    'With others it depends: the FRITZ!Box and ddclient escape nothing, and a `+` arrives as a space. In the name of',
    'the user, letters, digits, `.`, `_`, `-` and `@` are safe everywhere. Whatever else is in it is quoted for the',
    'shell or the file where it stands, and the command refuses a name that the client cannot be told.',
    '',
    'Some clients ask the server for their address, and on a network with both families some of them take the one that',
    'they do not report. For these the server needs two more names, with the same certificate: one that has only an A',
    'record (`ipv4.ddns.example.org`), and one that has only an AAAA record (`ipv6.ddns.example.org`). Name them with',
    '`--ipv4-check` and `--ipv6-check`; the clients that ask use them.',
    '',
    ...sections,
  ].join('\n');
}
