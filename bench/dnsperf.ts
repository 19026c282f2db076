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

/** What an A record adds to a message, its owner a pointer to the question. */
const ADDRESS_SIZE = 16;

/** Updates a second that the primary acknowledged: one name a message, replaced as dynonym replaces it. */
export async function updatesPerSecond(
  primary: BenchPrimary,
  fleet: Fleet,
  { mode, clients, outstanding }: DnsperfSetting,
  seconds: number,
): Promise<number> {
  const input = await updatesFile(fleet);
  const { noError, runTime } = await dnsperf(primary.port, [
    ...['-u', '-d', input, '-m', mode, '-c', String(clients), '-q', String(outstanding)],
    ...['-l', String(Math.ceil(seconds)), '-y', KEY_ARGUMENT],
  ]);
  return noError / runTime;
}

/**
 * The same with as many updates as there are: each is acknowledged, and each has moved the serial and left the
 * address of its name, or this rejects.
 */
export async function verifiedUpdatesPerSecond(
  primary: BenchPrimary,
  fleet: Fleet,
  { mode, clients, outstanding }: DnsperfSetting,
): Promise<number> {
  const input = await updatesFile(fleet);
  const before = await primary.serialOf(fleet.zone);
  const { noError, runTime } = await dnsperf(primary.port, [
    ...['-u', '-d', input, '-m', mode, '-c', String(clients), '-q', String(outstanding)],
    ...['-n', '1', '-y', KEY_ARGUMENT],
  ]);
  const moved = (await primary.serialOf(fleet.zone)) - before;
  const wanted = PASSES * fleet.names.length;
  if (noError !== wanted || moved !== wanted) {
    throw new Error(`${primary.name} took ${noError} of ${wanted} updates, and made ${moved}`);
  }
  await primary.assertHolds(fleet);
  return noError / runTime;
}

/** Questions a second that were answered, each with the one address of its name or, by an echo, with itself. */
export async function queriesPerSecond(
  { port, echoes = false }: { readonly port: number; readonly echoes?: boolean },
  { names }: Fleet,
  { mode, clients, outstanding }: DnsperfSetting,
  seconds: number,
): Promise<number> {
  const input = join(tempFolder(), 'queries');
  await writeFile(input, names.map((name) => `${name} A\n`).join(''));
  const { sent, noError, runTime, sizes } = await dnsperf(port, [
    ...['-d', input, '-m', mode, '-c', String(clients), '-q', String(outstanding)],
    ...['-l', String(Math.ceil(seconds))],
  ]);
  // Over UDP a few questions in a million get lost on a machine that is busy.
  const mostLost = mode === 'udp' ? sent / 100_000 : 0;
  if (noError < sent - mostLost || sizes.response - sizes.request !== (echoes ? 0 : ADDRESS_SIZE)) {
    throw new Error(`of ${sent} queries ${noError} were answered, with ${sizes.response} octets each`);
  }
  return noError / runTime;
}

type DnsperfResult = {
  readonly sent: number;
  readonly noError: number;
  /** In seconds. */
  readonly runTime: number;
  /** Octets of a message, in the mean. */
  readonly sizes: { readonly request: number; readonly response: number };
};

async function dnsperf(port: number, args: readonly string[]): Promise<DnsperfResult> {
  const { status, stdout, stderr } = await runProcess(
    toolPath('dnsperf'),
    ['-s', '127.0.0.1', '-p', String(port), ...args],
    { within: 120_000 },
  );
  if (status !== 0) throw new Error(`dnsperf failed (exit ${status}):\n${stdout}${stderr}`);
  const [, request, response] = /packet size:\s+request (\d+), response (\d+)/.exec(stdout) ?? [];
  return {
    sent: Number(/sent:\s+(\d+)/.exec(stdout)?.[1]),
    noError: Number(/NOERROR (\d+)/.exec(stdout)?.[1] ?? 0),
    runTime: Number(/Run time \(s\):\s+([\d.]+)/.exec(stdout)?.[1]),
    sizes: { request: Number(request), response: Number(response) },
  };
}

/** Some passes over all names. */
async function updatesFile(fleet: Fleet): Promise<string> {
  const input = join(tempFolder(), 'updates');
  await writeFile(input, Array.from({ length: PASSES }, () => updatesOf(fleet)).join(''));
  return input;
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
