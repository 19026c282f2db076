import type { Parsed } from '../../domain/errors.ts';

/** What is wrong with each field, in words for whoever typed it. */
export type Errors = Readonly<Record<string, string>>;

/** What was typed in each field. */
export type Typed = Readonly<Record<string, string>>;

/** What was typed and what is wrong with it, where a form is shown again. */
export type Tried = { readonly typed?: Typed; readonly errors?: Errors };

/** Reads the text of one field. */
export type FieldReader<Value> = (text: string) => Parsed<Value>;

/** A field that may be empty: then it has no value. */
export function readField<Value>(parse: (text: string) => Parsed<Value>): FieldReader<Value | undefined> {
  return (text) => (text.trim() === '' ? { ok: true, value: undefined } : parse(text.trim()));
}

/** A field of several values with spaces or commas between them; perhaps none. */
export function readList<Value>(parse: (text: string) => Parsed<Value>): FieldReader<readonly Value[]> {
  return (text) => {
    const values = new Set<Value>();
    for (const one of text.split(/[\s,]+/).filter((part) => part !== '')) {
      const parsed = parse(one);
      if (!parsed.ok) return parsed;
      values.add(parsed.value);
    }
    return { ok: true, value: [...values] };
  };
}

type Values<Fields> = {
  readonly [Name in keyof Fields]: Fields[Name] extends FieldReader<infer Value> ? Value : never;
};

/** Reads all fields of a form, so that all that is wrong is said at once. `reasons` has the words of a language. */
export function readForm<Fields extends Readonly<Record<string, FieldReader<unknown>>>>(
  typed: Typed,
  fields: Fields,
  reasons: Readonly<Record<string, string>>,
): { readonly ok: true; readonly values: Values<Fields> } | { readonly ok: false; readonly errors: Errors } {
  const values: Record<string, unknown> = {};
  const errors: Record<string, string> = {};
  for (const [name, read] of Object.entries(fields)) {
    const parsed = read(typed[name] ?? '');
    if (parsed.ok) values[name] = parsed.value;
    else errors[name] = reasons[parsed.reason] ?? parsed.reason;
  }
  return Object.keys(errors).length > 0
    ? { ok: false, errors }
    : { ok: true, values: values as Values<Fields> };
}
