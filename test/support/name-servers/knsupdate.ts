import type { SocketAddress } from '../../../src/domain/socket-address.ts';
import type { TsigKey } from '../../../src/domain/tsig-key.ts';
import { runProcess } from '../run-process.ts';
import { toolPath } from '../tools.ts';
import { secretText } from './keys.ts';

/**
 * Sends one UPDATE with knsupdate. Gives `NOERROR`, or what it says that the server answered: an RCODE, or the
 * error of TSIG in its place (`BADKEY`).
 */
export async function knsupdate(
  { address, port }: SocketAddress,
  script: string,
  key: TsigKey | 'unsigned',
): Promise<string> {
  const signed = key === 'unsigned' ? [] : ['-y', `${key.algorithm}:${key.name}:${secretText(key)}`];
  const { status, stdout, stderr } = await runProcess(toolPath('knsupdate'), ['-v', ...signed], {
    stdin: `server ${address.text} ${port}\n${script.trim()}\nsend\nquit\n`,
  });
  if (status === 0) return 'NOERROR';
  const answer = /^;; ->>HEADER<<- opcode: UPDATE; status: (\w+);/m.exec(stdout)?.[1];
  if (answer === undefined) throw new Error(`knsupdate failed (exit ${status}):\n${stdout}${stderr}`);
  return answer;
}
