import { existsSync } from 'node:fs';

/** Where the JSON Schema lies: beside the program, or in the documentation of the sources. */
const PLACES = ['dynonym.schema.json', 'docs/dynonym.schema.json'];

/**
 * The line by which editors find the JSON Schema of a configuration, as Taplo reads it. It names the file of this
 * installation, so that it needs no network and is always that of the version in use. Empty when there is none.
 */
export function schemaLine(): string {
  for (let folder = new URL('.', import.meta.url), before = ''; folder.href !== before; ) {
    const found = PLACES.map((place) => new URL(place, folder)).find((place) => existsSync(place));
    if (found !== undefined) return `#:schema ${found.href}\n`;
    before = folder.href;
    folder = new URL('..', folder);
  }
  return '';
}
