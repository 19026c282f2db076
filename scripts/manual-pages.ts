import { readFileSync } from 'node:fs';
import type { Definition } from 'clipanion';
import { lexer } from 'marked';
import { DEFINITIONS } from '../src/adapters/cli/cli.ts';
import { argumentsText, byCategory, readOptions, valueName } from '../src/adapters/cli/help.ts';
import { packageVersion } from '../src/adapters/cli/version.ts';
import {
  blocks,
  bold,
  escaped,
  example,
  heading,
  italic,
  item,
  type Page,
  page,
  paragraph,
  prose,
} from './roff.ts';

/** The pages of the manual by their file names. */
export function manualPages(): ReadonlyMap<string, string> {
  return new Map([
    ['dynonym.1', programPage()],
    ['dynonym.toml.5', configurationPage()],
  ]);
}

/** Which version a page describes, and since when: the day of the release, and today before the first one. */
function edition(): Pick<Page, 'version' | 'date'> {
  const changes = readFileSync(new URL('../CHANGELOG.md', import.meta.url), 'utf8');
  const [, date = new Date().toISOString().slice(0, 10)] = /^## \[[\d.]+\] - (\S+)$/m.exec(changes) ?? [];
  return { version: packageVersion(), date };
}

/** Options that every command has are told once. */
const EVERYWHERE = new Set(['-c', '-h']);

function programPage(): string {
  return page({
    name: 'dynonym',
    section: 1,
    about: 'an HTTP server that manages dynamic DNS records',
    ...edition(),
    parts: [
      heading(1, 'SYNOPSIS'),
      `${bold('dynonym')} ${italic('command')} [${italic('options')}] [${italic('arguments')}]`,
      heading(1, 'DESCRIPTION'),
      paragraph(
        prose(
          'Routers and clients tell dynonym their address over HTTP. It checks who they are and what they may change, ' +
            'and makes the DNS agree with one signed, atomic RFC 2136 update, or by a name server of its own.',
        ),
      ),
      paragraph(
        prose(
          'Words of a command may be shortened as long as they stand for one command alone: `dynonym conf u add alice`.',
        ),
      ),
      heading(1, 'OPTIONS OF EVERY COMMAND'),
      item(
        `${bold('-c')}, ${bold('--config')}, ${bold('--conf')} ${italic('FILE')}`,
        prose('The configuration. Default: `dynonym.toml` in the working directory.'),
      ),
      item(`${bold('-h')}, ${bold('--help')}`, prose('Print what this page says of the command.')),
      item(bold('--version'), prose('Without a command: print the version.')),
      ...Array.from(byCategory(DEFINITIONS), ([category, definitions]) => [
        heading(1, `COMMANDS: ${category.toUpperCase()}`),
        ...definitions.flatMap(commandParts),
      ]).flat(),
      heading(1, 'EXIT STATUS'),
      paragraph(
        prose(
          '0 when a command did what it is for. Otherwise it says in one line on standard error what is wrong and ' +
            'what to do, and exits with 1, or as its description says.',
        ),
      ),
      heading(1, 'ENVIRONMENT'),
      item(bold('DYNONYM_DEBUG'), prose('With the value 1, an unexpected error shows where it happened.')),
      heading(1, 'FILES'),
      item(bold('dynonym.toml'), prose('The configuration.')),
      item(
        bold('dynonym.lock'),
        prose('Keeps a second server away while one runs, and holds its process id.'),
      ),
      heading(1, 'SEE ALSO'),
      paragraph(`${bold('dynonym.toml')}(5)`),
    ],
  });
}

function commandParts(definition: Definition): readonly string[] {
  const { path, description = '', details = '', examples = [] } = definition;
  const options = readOptions(definition).filter(({ names }) => !names.some((name) => EVERYWHERE.has(name)));
  return [
    heading(2, `${path} ${argumentsText(definition)}`.trim()),
    paragraph(prose(`${description.trim()}.`)),
    ...details
      .split('\n\n')
      .filter((text) => text.trim() !== '')
      .map((text) => paragraph(prose(text))),
    ...options.map((option) => {
      const value = option.takesValue ? ` ${italic(valueName(option))}` : '';
      return item(`${bold(option.names.join(', '))}${value}`, prose(option.description.replaceAll('`', '')));
    }),
    ...examples.flatMap(([what, command]) => [paragraph(`${escaped(what.trim())}:`), example(command)]),
  ];
}

function configurationPage(): string {
  const text = readFileSync(new URL('../docs/configuration.md', import.meta.url), 'utf8');
  return page({
    name: 'dynonym.toml',
    section: 5,
    about: 'the configuration of dynonym',
    ...edition(),
    parts: [
      heading(1, 'DESCRIPTION'),
      ...blocks(lexer(text)),
      heading(1, 'SEE ALSO'),
      paragraph(`${bold('dynonym')}(1)`),
    ],
  });
}
