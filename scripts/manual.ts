import { mkdirSync, writeFileSync } from 'node:fs';
import { configurationSchema } from './configuration-schema.ts';
import { manualPages } from './manual-pages.ts';

// Writes what goes with the program into its folder: the pages of the manual, which package.json names, and the JSON
// Schema that new configurations name.
const DIST = new URL('../dist/', import.meta.url);
const MANUAL = new URL('man/', DIST);

mkdirSync(MANUAL, { recursive: true });
for (const [name, text] of manualPages()) writeFileSync(new URL(name, MANUAL), text);
writeFileSync(new URL('dynonym.schema.json', DIST), configurationSchema());
