// A bare UDP socket of Node: what comes goes back, as a response. The floor under every name server in it.
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

const port = Number(process.argv[2]);

const socket = createSocket({
  type: 'udp4',
  recvBufferSize: 1024 * 1024,
  lookup: (host, _options, found) => found(null, host, 4),
});
socket.on('message', (octets, from) => {
  octets[2] |= 0x80;
  socket.send(octets, from.port, from.address);
});
// That it is there is seen by a connection.
socket.bind(port, '127.0.0.1', () =>
  createServer((connection) => connection.destroy()).listen(port, '127.0.0.1'),
);
