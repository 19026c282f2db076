import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { installTools } from '../scripts/install-tools.ts';
import { LOAD_TOOLS, NAME_SERVER_TOOLS } from '../test/support/tools.ts';

const SUFFIX = '.bench.ts';

/** Runs the benchmarks `bench/NAME.bench.ts` that were named, or all, one after another on a quiet machine. */
async function main(wanted: readonly string[]): Promise<number> {
  const known = readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => file.slice(0, -SUFFIX.length))
    .sort();
  const unknown = wanted.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    say(`no benchmark is called ${unknown.join(', ')}; there are: ${known.join(', ') || 'none'}`);
    return 2;
  }
  if (known.length === 0) {
    say('there are no benchmarks yet');
    return 0;
  }
  await installTools([...NAME_SERVER_TOOLS, ...LOAD_TOOLS], say);
  for (const name of wanted.length > 0 ? wanted : known) {
    say(`== ${name}`);
    const file = join(import.meta.dirname, `${name}${SUFFIX}`);
    const benchmark = spawn(process.execPath, ['--import', 'tsx', file], { stdio: 'inherit' });
    const [status] = await once(benchmark, 'close');
    if (status !== 0) {
      say(`${name} failed`);
      return 1;
    }
  }
  return 0;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

process.exitCode = await main(process.argv.slice(2));
