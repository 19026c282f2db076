// A bare node:http server: the floor under every framework.
import { createServer } from 'node:http';

const [port, user, password] = process.argv.slice(2);
const expected = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

createServer((request, response) => {
  if (request.url === '/ip') return answer(response, 200, request.socket.remoteAddress ?? '');
  const known = request.headers.authorization === expected;
  return known ? answer(response, 200, 'nochg\n') : answer(response, 401, 'badauth\n');
}).listen(Number(port), '127.0.0.1', () => process.stdout.write('listening\n'));

function answer(response, status, body) {
  response.writeHead(status, { 'Content-Type': 'text/plain', 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}
