import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from './run-program.ts';

/** A line of a Containerfile: `COPY`, and what stands behind it. */
export type Instruction = { readonly name: string; readonly rest: string };

/** What is made from one `FROM`. */
export type Stage = {
  readonly image: string;
  readonly name: string | undefined;
  readonly steps: readonly Instruction[];
};

/** The stages of the Containerfile, with the values of its arguments in their places. */
export function readContainerFile(values: Readonly<Record<string, string>> = {}): readonly Stage[] {
  const stages: { image: string; name: string | undefined; steps: Instruction[] }[] = [];
  const known: Record<string, string> = {};
  for (const { name, rest } of instructions(readFileSync(join(REPOSITORY, 'Containerfile'), 'utf8'))) {
    if (name === 'ARG') {
      const [, key = '', value = ''] = /^(\w+)=(.*)$/.exec(rest) ?? [];
      known[key] = values[key] ?? value;
    } else if (name === 'FROM') {
      const [image = '', , stage] = rest.split(' ');
      const named = image.replace(/\$\{(\w+)\}/g, (_, key: string) => known[key] ?? '');
      stages.push({ image: named, name: stage, steps: [] });
    } else stages.at(-1)?.steps.push({ name, rest });
  }
  return stages;
}

/** Each with its continued lines in one. */
const instructions = (text: string): readonly Instruction[] =>
  text
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [, name = '', rest = ''] = /^(\w+) (.*)$/.exec(line) ?? [];
      return { name, rest };
    });

/** What a build is given: what .dockerignore lets through. */
export const buildContext = (): readonly string[] =>
  readFileSync(join(REPOSITORY, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1));

/** `COPY [--from=STAGE] PATH… TO`. */
export function readCopy(rest: string): { stage: string | undefined; from: readonly string[]; to: string } {
  const words = rest.split(' ');
  const stage = /^--from=(\w+)$/.exec(words[0] ?? '')?.[1];
  const paths = stage === undefined ? words : words.slice(1);
  return { stage, from: paths.slice(0, -1), to: paths.at(-1) ?? '' };
}
