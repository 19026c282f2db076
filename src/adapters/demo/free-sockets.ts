import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { SocketAddress } from '../../domain/socket-address.ts';

export const localSocket = (port: number): SocketAddress => ({
  address: { family: 'ipv4', text: '127.0.0.1' },
  port,
});

export async function isFreeForTcp({ address, port }: SocketAddress): Promise<boolean> {
  const server = createServer();
  try {
    server.listen({ host: address.text, port, exclusive: true });
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}

export async function isFreeForUdp({ address, port }: SocketAddress): Promise<boolean> {
  const socket = createSocket(address.family === 'ipv6' ? 'udp6' : 'udp4');
  try {
    socket.bind({ address: address.text, port, exclusive: true });
    await once(socket, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}
