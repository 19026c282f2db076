import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * A port that is free for UDP and TCP.
 *
 * It lies below the range from which kernels take the ports of outgoing connections (32768 and up on Linux),
 * so that none of these takes it before the server that it is meant for, or while that one restarts.
 */
export async function freePort(address = '127.0.0.1'): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = randomInt(10_240, 32_768);
    if ((await isFreeForTcp(address, port)) && (await isFreeForUdp(address, port))) return port;
  }
  throw new Error(`no free port found on ${address}`);
}

async function isFreeForTcp(host: string, port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen({ host, port, exclusive: true });
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}

async function isFreeForUdp(address: string, port: number): Promise<boolean> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  try {
    socket.bind({ address, port, exclusive: true });
    await once(socket, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}
