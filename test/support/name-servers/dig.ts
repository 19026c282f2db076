import type { SocketAddress } from '../../../src/domain/socket-address.ts';
import { runProcess } from '../run-process.ts';
import { toolPath } from '../tools.ts';

export type DigRecord = {
  /** Without the final dot, in the case in which the server wrote it. */
  readonly name: string;
  readonly ttl: number;
  readonly type: string;
  /** The RDATA as a zone file has it. */
  readonly data: string;
};

export type DigAnswer = {
  readonly rcode: string;
  readonly aa: boolean;
  readonly answers: readonly DigRecord[];
};

/** Asks a name server once, over TCP. */
export async function dig({ address, port }: SocketAddress, name: string, type: string): Promise<DigAnswer> {
  const { status, stdout } = await runProcess(toolPath('dig'), [
    `@${address.text}`,
    ...['-p', String(port), '+tcp', '+time=5', '+tries=1', '+noall', '+comments', '+answer'],
    ...['-q', name, '-t', type],
  ]);
  const rcode = /^;; ->>HEADER<<- .* status: (\w+),/m.exec(stdout)?.[1];
  const flags = /^;; flags: ([a-z ]*);/m.exec(stdout)?.[1];
  if (status !== 0 || rcode === undefined || flags === undefined) {
    throw new Error(`dig ${name} ${type} got no answer (exit ${status}):\n${stdout}`);
  }
  const answers = stdout.split('\n').flatMap((line) => {
    const [, owner, ttl, recordType, data] = /^([^;\s]\S*)\.\s+(\d+)\s+IN\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    return owner === undefined || recordType === undefined || data === undefined
      ? []
      : [{ name: owner, ttl: Number(ttl), type: recordType, data }];
  });
  return { rcode, aa: flags.split(' ').includes('aa'), answers };
}
