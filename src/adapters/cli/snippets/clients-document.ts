import { domainName } from '../../../domain/domain-name.ts';
import { DEVICES } from './devices.ts';
import { PROGRAMS } from './programs.ts';
import type { Account, Snippet } from './snippet.ts';

/** Every client that a configuration can be printed for. */
export const SNIPPETS: readonly Snippet[] = [...DEVICES, ...PROGRAMS];

const EXAMPLE: Account = {
  url: new URL('https://ddns.example.org'),
  user: 'alice',
  domains: [domainName('home.example.org'), domainName('cam.example.org')],
};

/** docs/clients.md, so that what is documented and what is printed are the same text. */
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
      snippet.write(EXAMPLE).trimEnd(),
      '```',
      ...snippet.notes.flatMap((note) => ['', note]),
      '',
    ].join('\n'),
  );
  return [
    '# Set-up of clients',
    '',
    '<!-- Written by `npm run docs`; edit src/adapters/cli/snippets instead. -->',
    '',
    'The same texts, with your own names in them, come from `dynonym snippet CLIENT --user USER --domain DOMAIN…`',
    '`[--url URL]`. `PASSWORD` stands where the password goes; an update token (`dynonym configure users token add`)',
    'works in its place, and opens less when a device is lost.',
    '',
    'Every client can send a password of letters, digits, `_` and `-`, and so an update token, which is made of them.',
    'With others it depends: the FRITZ!Box and ddclient escape nothing, and a `+` arrives as a space. In the name of',
    'the user, letters, digits, `.`, `_`, `-` and `@` are safe everywhere. Whatever else is in it is quoted for the',
    'shell or the file where it stands, and the command refuses a name that the client cannot be told.',
    '',
    ...sections,
  ].join('\n');
}
