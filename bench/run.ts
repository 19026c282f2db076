import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { installTools } from '../scripts/install-tools.ts';
import { runProcess } from '../test/support/run-process.ts';
import { LOAD_TOOLS, NAME_SERVER_TOOLS } from '../test/support/tools.ts';
import { machineText, versionsText } from './machine.ts';
import { FULL, type Part, QUICK } from './part.ts';
import { before } from './parts/before.ts';
import { changedOnBind, changedOnKnot, changedOnPowerDns, nsupdate } from './parts/changed.ts';
import { failover } from './parts/failover.ts';
import { flood } from './parts/flood.ts';
import { history } from './parts/history.ts';
import { hostile } from './parts/hostile.ts';
import { http } from './parts/http.ts';
import { latency } from './parts/latency.ts';
import { growth, memory } from './parts/memory.ts';
import { nameServer } from './parts/name-server.ts';
import {
  besideWriterOnBind,
  besideWriterOnBind256,
  besideWriterOnKnot,
  twoInstances,
} from './parts/other-writers.ts';
import { pages } from './parts/pages.ts';
import { pipelined } from './parts/pipelined.ts';
import { start } from './parts/start.ts';
import { hugeStore, store } from './parts/store.ts';
import { users } from './parts/users.ts';
import { isReached, type Row, tableOf } from './report.ts';

/** In the order in which they run. */
const PARTS: ReadonlyMap<string, Part> = new Map([
  ['bind', changedOnBind],
  ['knot', changedOnKnot],
  ['powerdns', changedOnPowerDns],
  ['nsupdate', nsupdate],
  ['http', http],
  ['latency', latency],
  ['users', users],
  ['start', start],
  ['memory', memory],
  ['history', history],
  ['pages', pages],
  ['name-server', nameServer],
  ['second-writer', besideWriterOnBind],
  ['two-instances', twoInstances],
  ['pipelined', pipelined],
  ['hostile', hostile],
  ['before', before],
  ['second-writer-256', besideWriterOnBind256],
  ['second-writer-knot', besideWriterOnKnot],
  ['flood', flood],
  ['growth', growth],
  ['store', store],
  ['store-huge', hugeStore],
  ['failover', failover],
]);

/** These take minutes each, and are measured when they are named. */
const LONG_PARTS: ReadonlySet<string> = new Set([
  'history',
  'pages',
  'second-writer-256',
  'second-writer-knot',
  'flood',
  'growth',
  'store',
  'store-huge',
  'failover',
]);

const USAGE = `usage: npm run bench -- [--part NAME …] [--against DIR] [--quick]

Measures dynonym beside its peers, and tells whether the goals are reached. A whole run takes about a quarter
of an hour on a machine that does nothing else, and writes docs/benchmarks.md. The parts
${[...LONG_PARTS].join(', ')}
take minutes each, and are measured when they are named.

  --against DIR
               another checkout with a build of its own (dist/main.js), which the part before compares with this one;
               without it, that part is left out
  --part NAME  only this part (${[...PARTS.keys()].join(', ')}); may be repeated
  --quick      once, with a fifth of the work: to see that everything runs; its figures mean little
`;

const REPOSITORY = join(import.meta.dirname, '..');
const REPORT = join(REPOSITORY, 'docs', 'benchmarks.md');
/** Between these lines of the report stands what a run has measured; the rest is for people. */
const BEGIN = '<!-- what the last whole run measured -->';
const END = '<!-- end of what was measured -->';

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      part: { type: 'string', multiple: true, default: [] },
      against: { type: 'string' },
      quick: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const unknown = values.part.filter((name) => !PARTS.has(name));
  if (values.help || unknown.length > 0) {
    if (unknown.length > 0) say(`there is no part ${unknown.join(', ')}\n`);
    say(USAGE);
    return unknown.length > 0 ? 2 : 0;
  }
  const against = values.against && [process.execPath, resolve(values.against, 'dist', 'main.js')];
  if (values.part.includes('before') && !against) {
    say(`the part before needs --against DIR\n\n${USAGE}`);
    return 2;
  }
  await installTools([...NAME_SERVER_TOOLS, ...LOAD_TOOLS], say);
  const program = [process.execPath, await build()];
  const scale = values.quick ? QUICK : FULL;
  const began = performance.now();
  const rows: Row[] = [];
  for (const [name, part] of PARTS) {
    if (values.part.length > 0 ? !values.part.includes(name) : LONG_PARTS.has(name)) continue;
    if (part === before && !against) continue;
    say(`== ${part.title}`);
    const measured = await part.run({ program, scale, say, ...(against ? { against } : {}) });
    say(tableOf(measured));
    rows.push(...measured);
  }
  const minutes = ((performance.now() - began) / 60_000).toFixed(1);
  say(`\n${tableOf(rows)}\n\n${minutes} minutes`);
  if (values.part.length === 0 && !values.quick) await writeReport(rows, minutes);
  return rows.every(isReached) ? 0 : 1;
}

/** Builds the program as it is shipped, and gives the file to run. */
async function build(): Promise<string> {
  const { status, stdout, stderr } = await runProcess('npm', ['run', '--silent', 'build'], {
    cwd: REPOSITORY,
  });
  if (status !== 0) throw new Error(`the program could not be built:\n${stdout}${stderr}`);
  return join(REPOSITORY, 'dist', 'main.js');
}

async function writeReport(rows: readonly Row[], minutes: string): Promise<void> {
  const report = readFileSync(REPORT, 'utf8');
  const before = report.slice(0, report.indexOf(BEGIN) + BEGIN.length);
  const after = report.slice(report.indexOf(END));
  const measured = [
    `\`npm run bench\`, ${minutes} minutes. ${machineText()} ${await versionsText()}`,
    tableOf(rows),
  ];
  writeFileSync(REPORT, [before, '', ...measured, after].join('\n\n').replace('\n\n\n', '\n\n'));
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

process.exitCode = await main();
