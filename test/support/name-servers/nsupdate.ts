import type { SocketAddress } from '../../../src/domain/socket-address.ts';
import type { TsigKey } from '../../../src/domain/tsig-key.ts';
import { runProcess } from '../run-process.ts';
import { toolPath } from '../tools.ts';
import { secretText } from './keys.ts';

/** Sends one UPDATE over TCP. Gives `NOERROR`, or what nsupdate says that the server answered. */
export async function nsupdate(
  { address, port }: SocketAddress,
  script: string,
  key: TsigKey | 'unsigned',
): Promise<string> {
  const signed = key === 'unsigned' ? [] : ['-y', `${key.algorithm}:${key.name}:${secretText(key)}`];
  const { status, stdout, stderr } = await runProcess(toolPath('nsupdate'), ['-v', ...signed], {
    stdin: `server ${address.text} ${port}\n${script.trim()}\nsend\n`,
  });
  if (status === 0) return 'NOERROR';
  const answer = /^update failed: (\S+)$/m.exec(stderr)?.[1];
  if (answer === undefined) throw new Error(`nsupdate failed (exit ${status}):\n${stdout}${stderr}`);
  return answer;
}
