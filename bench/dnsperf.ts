import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProcess } from '../test/support/run-process.ts';
import { tempFolder } from '../test/support/temp-folder.ts';
import { toolPath } from '../test/support/tools.ts';
import type { Fleet } from './fleet.ts';
import { type BenchPrimary, KEY_ARGUMENT } from './primary.ts';

export type DnsperfSetting = {
  readonly mode: 'udp' | 'tcp';
  readonly clients: number;
  readonly outstanding: number;
};

/** How often all names are changed before dnsperf begins anew. */
const PASSES = 4;

/** Updates a second that the primary acknowledged: one name a message, replaced as dynonym replaces it. */
export async function updatesPerSecond(
  primary: BenchPrimary,
  fleet: Fleet,
  { mode, clients, outstanding }: DnsperfSetting,
  seconds: number,
): Promise<number> {
  const input = join(tempFolder(), 'updates');
  await writeFile(input, Array.from({ length: PASSES }, () => updatesOf(fleet)).join(''));
  const output = await dnsperf(primary.port, [
    ...['-u', '-d', input, '-m', mode, '-c', String(clients), '-q', String(outstanding)],
    ...['-l', String(Math.ceil(seconds)), '-y', KEY_ARGUMENT],
  ]);
  const acknowledged = Number(/NOERROR (\d+)/.exec(output)?.[1] ?? 0);
  return acknowledged / Number(/Run time \(s\):\s+([\d.]+)/.exec(output)?.[1]);
}

export async function dnsperf(port: number, args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await runProcess(toolPath('dnsperf'), [
    ...['-s', '127.0.0.1', '-p', String(port), ...args],
  ]);
  if (status !== 0) throw new Error(`dnsperf failed (exit ${status}):\n${stdout}${stderr}`);
  return stdout;
}

function updatesOf(fleet: Fleet): string {
  const address = fleet.nextAddress();
  return fleet.names
    .map((name) => {
      const [label] = name.split('.', 1);
      return `${fleet.zone}\ndelete ${label} A\nadd ${label} 60 A ${address}\nsend\n`;
    })
    .join('');
}
