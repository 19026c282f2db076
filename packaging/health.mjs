// The health check of the container: asks the server at the socket that its configuration names.
//   node packaging/health.mjs FILE
import { request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { createContainer, loadSettings, tokens } from 'dynonym';

const container = createContainer({ configurationFile: process.argv[2], lockFile: '' });
await loadSettings(container);
const { http } = container.get(tokens.settings);
const { address, port } = http.socket;
/** Who listens at every address listens at this one. */
const host = { '0.0.0.0': '127.0.0.1', '::': '::1' }[address.text] ?? address.text;

const request = http.tls === undefined ? requestPlain : requestSecure;
// The certificate is for the name that clients know, and whether it holds is for them to judge.
const asked = request({ host, port, path: '/ip', agent: false, timeout: 4_000, rejectUnauthorized: false });
asked.on('timeout', () => asked.destroy(new Error('no answer')));
asked.on('error', (error) => {
  process.stderr.write(`${host} port ${port}: ${error.message}\n`);
  process.exitCode = 1;
});
asked.on('response', (response) => {
  response.resume();
  process.exitCode = response.statusCode === 200 ? 0 : 1;
});
asked.end();
