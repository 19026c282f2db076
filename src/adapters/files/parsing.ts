import * as z from 'zod';
import type { Parsed } from '../../domain/errors.ts';

/** A transformation for zod: a value that `parse` of the domain reads. Its reason becomes the message of the issue. */
export function parsing<Input, Value>(parse: (input: Input) => Parsed<Value>) {
  return (input: Input, context: z.RefinementCtx): Value => {
    const parsed = parse(input);
    if (parsed.ok) return parsed.value;
    context.addIssue({ code: 'custom', message: parsed.reason });
    return z.NEVER;
  };
}

/** A text that `parse` reads. */
export const textBy = <Value>(parse: (text: string) => Parsed<Value>) => z.string().transform(parsing(parse));
