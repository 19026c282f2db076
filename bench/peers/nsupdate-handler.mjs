// How most programs of this kind work: each request runs nsupdate, and its exit status is the answer.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';

const [port, dnsPort, key, user, password] = process.argv.slice(2);
const expected = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

createServer((request, response) => {
  if (request.headers.authorization !== expected) return answer(response, 401, 'badauth\n');
  const parameters = new URL(request.url ?? '', 'http://localhost').searchParams;
  const name = parameters.get('hostname');
  const address = parameters.get('myip');
  const nsupdate = spawn('nsupdate', ['-y', key], { stdio: ['pipe', 'ignore', 'ignore'] });
  nsupdate.on('error', () => answer(response, 500, '911\n'));
  nsupdate.on('close', (status) =>
    status === 0 ? answer(response, 200, `good ${address}\n`) : answer(response, 500, '911\n'),
  );
  nsupdate.stdin.end(
    `server 127.0.0.1 ${dnsPort}\nupdate delete ${name} A\nupdate add ${name} 60 A ${address}\nsend\n`,
  );
}).listen(Number(port), '127.0.0.1', () => process.stdout.write('listening\n'));

function answer(response, status, body) {
  response.writeHead(status, { 'Content-Type': 'text/plain', 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}
