import { KINDS, type Kind, makePackages } from './package.ts';

// Makes packages of what was built: of all kinds, or of those that are named.
const kinds = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(KINDS);
const unknown = kinds.filter((kind) => !Object.hasOwn(KINDS, kind));
if (unknown.length > 0) {
  process.stderr.write(
    `not a kind of package: ${unknown.join(', ')}; there are ${Object.keys(KINDS).join(', ')}\n`,
  );
  process.exitCode = 2;
} else await makePackages(kinds as Kind[]);
