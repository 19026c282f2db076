import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { clientsDocument } from './clients-document.ts';
import { commandsDocument } from './commands-document.ts';
import { configurationSchema } from './configuration-schema.ts';
import { drawings } from './drawings.ts';
import { readManifest } from './package/npm.ts';
import { withVersion } from './version-in-docs.ts';

// Writes the parts of the documentation that have their source in the program, or in what was measured.
const DOCS = new URL('../docs/', import.meta.url);

for (const page of ['../README.md', 'install.md', 'operations.md']) {
  const file = new URL(page, DOCS);
  await writeFile(file, withVersion(await readFile(file, 'utf8'), readManifest().version));
}
await writeFile(new URL('commands.md', DOCS), commandsDocument());
await writeFile(new URL('clients.md', DOCS), clientsDocument());
await writeFile(new URL('dynonym.schema.json', DOCS), configurationSchema());
await mkdir(new URL('drawings/', DOCS), { recursive: true });
for (const [name, text] of drawings()) await writeFile(new URL(`drawings/${name}`, DOCS), text);
