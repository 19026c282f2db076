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
    'Read this when you configure a router, a NAS or an update program. `dynonym snippet CLIENT --user USER --domain DOMAIN…`',
    '`[--url URL]` prints the same texts with your own names in them. Write the password in place of `PASSWORD`, or better',
    'an update token (`dynonym configure users token add`): whoever finds a lost device can do less with it. The page',
    '*Set up* shows these texts with a fresh token ([pages.md](pages.md#set-up)).',
    '',
    'Every client can send letters, digits, `_` and `-` in a password. An update token has no other characters. With other',
    'characters it depends on the client: the FRITZ!Box and ddclient send them unescaped, so that a `+` arrives as a space.',
    'In the name of a user, every client can send letters, digits, `.`, `_`, `-` and `@`. All other characters are quoted',
    'for the shell or the file. If a client has no way to send a name, the command refuses it.',
    '',
    'Some clients ask the server for their address. On a network with IPv4 and IPv6, some of them get the address of the',
    'family that they do not report. For these clients, the server needs two more names with the same certificate: one that',
    'has only an A record (`ipv4.ddns.example.org`), and one that has only an AAAA record (`ipv6.ddns.example.org`). Name',
    'them with `--ipv4-check` and `--ipv6-check`.',
    '',
    ...sections,
  ].join('\n');
}
