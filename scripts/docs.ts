import { writeFile } from 'node:fs/promises';
import { clientsDocument } from './clients-document.ts';
import { commandsDocument } from './commands-document.ts';
import { configurationSchema } from './configuration-schema.ts';

// Writes the parts of the documentation that have their source in the program.
await writeFile(new URL('../docs/commands.md', import.meta.url), commandsDocument());
await writeFile(new URL('../docs/clients.md', import.meta.url), clientsDocument());
await writeFile(new URL('../docs/dynonym.schema.json', import.meta.url), configurationSchema());
