import * as z from 'zod';
import { configuration } from '../src/adapters/toml/schema.ts';

/**
 * The text of docs/dynonym.schema.json: a JSON Schema (draft 7) for editors. It has the keys and types, not all rules.
 */
export function configurationSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(configuration, { io: 'input', target: 'draft-7' }), null, 2)}\n`;
}
