import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type OpenNameServer, openNameServer } from '../../../src/adapters/name-server/open-name-server.ts';
import { SystemClock } from '../../../src/adapters/system/system-clock.ts';
import type { ServedZone } from '../../../src/application/manage/settings.ts';
import type { SocketAddress } from '../../../src/domain/socket-address.ts';
import { MemoryLockPlace, MemoryProcessLock } from '../../fakes/memory-process-lock.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';
import { freePort } from '../free-port.ts';
import { tempFolder } from '../temp-folder.ts';
import { servedZone } from './name-server-bench.ts';

export type Served = OpenNameServer & {
  readonly socket: SocketAddress;
  readonly data: string;
  readonly logger: RecordingLogger;
  stop(): Promise<void>;
};

/** Our own name server in this process, with files of its own, at a port of its own. */
export async function startServed(
  files: Readonly<Record<string, string>>,
  rights: Readonly<Record<string, Partial<ServedZone>>> = {},
): Promise<Served> {
  const data = tempFolder();
  for (const [name, text] of Object.entries(files)) await writeFile(join(data, `${name}.zone`), text);
  const zones = Object.keys(files).map((name) => servedZone(name, rights[name]));
  const port = await freePort();
  return startAt({ address: { family: 'ipv4', text: '127.0.0.1' }, port }, data, zones);
}

/** The same with files that are there. */
export async function startAt(
  socket: SocketAddress,
  data: string,
  zones: readonly ServedZone[],
): Promise<Served> {
  const logger = new RecordingLogger();
  const lock = new MemoryProcessLock(new MemoryLockPlace(1), 1);
  const opened = await openNameServer(
    { sockets: [socket], data, zones },
    { lock, clock: new SystemClock(), logger },
  );
  await opened.listener.start();
  return {
    ...opened,
    socket,
    data,
    logger,
    async stop() {
      await opened.listener.stop(AbortSignal.timeout(5_000));
      await opened.close();
    },
  };
}
