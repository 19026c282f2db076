import { writeFile } from 'node:fs/promises';
import { commandsDocument } from '../src/adapters/cli/commands-document.ts';
import { clientsDocument } from '../src/adapters/cli/snippets/clients-document.ts';
import { configurationSchema } from '../src/adapters/toml/schema.ts';

// Writes the parts of the documentation that have their source in the program.
await writeFile(new URL('../docs/commands.md', import.meta.url), commandsDocument());
await writeFile(new URL('../docs/clients.md', import.meta.url), clientsDocument());
await writeFile(new URL('../docs/dynonym.schema.json', import.meta.url), configurationSchema());
