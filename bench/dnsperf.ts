import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DomainName } from '../src/domain/domain-name.ts';
import { RunningProcess, runProcess } from '../test/support/run-process.ts';
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
  const { status, stdout, stderr } = await runProcess(toolPath('dnsperf'), [
    '-s',
    '127.0.0.1',
    '-p',
    String(port),
    ...args,
  ]);
  if (status !== 0) throw new Error(`dnsperf failed (exit ${status}):\n${stdout}${stderr}`);
  return resultOf(stdout);
}

function resultOf(stdout: string): DnsperfResult {
  const [, request, response] = /packet size:\s+request (\d+), response (\d+)/.exec(stdout) ?? [];
  return {
    sent: Number(/sent:\s+(\d+)/.exec(stdout)?.[1]),
    noError: Number(/NOERROR (\d+)/.exec(stdout)?.[1] ?? 0),
    runTime: Number(/Run time \(s\):\s+([\d.]+)/.exec(stdout)?.[1]),
    sizes: { request: Number(request), response: Number(response) },
  };
}

/** Addresses that no fleet has. */
const ADDRESSES_OF_ANOTHER = ['192.0.2.251', '198.51.100.251'] as const;

/** Another program that changes names of its own accord, at a fixed rate, until it is stopped. */
export class AnotherWriter {
  readonly #process: RunningProcess;

  private constructor(process: RunningProcess) {
    this.#process = process;
  }

  static async start(
    primary: BenchPrimary,
    { zone }: Fleet,
    names: readonly DomainName[],
    perSecond: number,
  ): Promise<AnotherWriter> {
    const input = await fileOf(ADDRESSES_OF_ANOTHER.map((address) => updatesOf(zone, names, address)));
    const args = ['-u', '-d', input, '-c', '1', '-q', '64', '-Q', String(perSecond), '-l', '600'];
    const server = ['-s', '127.0.0.1', '-p', String(primary.port), '-y', KEY_ARGUMENT];
    return new AnotherWriter(new RunningProcess(toolPath('dnsperf'), [...server, ...args]));
  }

  /** Gives the updates a second that were acknowledged. */
  async stop(): Promise<number> {
    this.#process.kill('SIGINT');
    const { stdout, stderr } = await this.#process.end();
    const { noError, runTime } = resultOf(stdout);
    if (!(runTime > 0)) throw new Error(`dnsperf said nothing:\n${stdout}${stderr}`);
    return noError / runTime;
  }
}

/** Has another program change all names once. They have an address then that the fleet does not know of. */
export async function changeByAnother(primary: BenchPrimary, { zone, names }: Fleet): Promise<void> {
  const [address] = ADDRESSES_OF_ANOTHER;
  const input = await fileOf([updatesOf(zone, names, address)]);
  const { noError } = await dnsperf(primary.port, [
    ...['-u', '-d', input, '-c', '8', '-q', '64', '-n', '1', '-y', KEY_ARGUMENT],
  ]);
  if (noError !== names.length) throw new Error(`${primary.name} took ${noError} of ${names.length} updates`);
}

/** Some passes over all names. */
function updatesFile(fleet: Fleet): Promise<string> {
  const passes = Array.from({ length: PASSES }, () => fleet.nextAddress());
  return fileOf(passes.map((address) => updatesOf(fleet.zone, fleet.names, address)));
}

async function fileOf(passes: readonly string[]): Promise<string> {
  const input = join(tempFolder(), 'updates');
  await writeFile(input, passes.join(''));
  return input;
}

function updatesOf(zone: DomainName, names: readonly DomainName[], address: string): string {
  return names
    .map((name) => {
      const [label] = name.split('.', 1);
      return `${zone}\ndelete ${label} A\nadd ${label} 60 A ${address}\nsend\n`;
    })
    .join('');
}
