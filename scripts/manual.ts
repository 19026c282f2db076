import { mkdirSync, writeFileSync } from 'node:fs';
import { manualPages } from './manual-pages.ts';

// Writes the pages of the manual, which package.json names, beside the program.
const FOLDER = new URL('../dist/man/', import.meta.url);

mkdirSync(FOLDER, { recursive: true });
for (const [name, text] of manualPages()) writeFileSync(new URL(name, FOLDER), text);
