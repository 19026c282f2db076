import { writeFile } from 'node:fs/promises';
import { clientsDocument } from '../src/adapters/cli/snippets/clients-document.ts';

// Writes the part of the documentation that has its source in the program.
await writeFile(new URL('../docs/clients.md', import.meta.url), clientsDocument());
