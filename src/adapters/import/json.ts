import { invalid, type Parsed, valid } from '../../domain/errors.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads JSON. The reason never repeats the text, which may be a secret. */
export function parseJson(text: string): Parsed<unknown> {
  try {
    return valid(JSON.parse(text.replace(/^\uFEFF/, '')));
  } catch (error) {
    const [, place] = /position (\d+)/.exec(error instanceof Error ? error.message : '') ?? [];
    const line = place === undefined ? undefined : text.slice(0, Number(place)).split('\n').length;
    return invalid(line === undefined ? 'it is no JSON' : `line ${line}: it is no JSON from here on`);
  }
}

export const textIn = (object: JsonObject, key: string): string | undefined => {
  const value = object[key];
  return typeof value === 'string' ? value : undefined;
};
