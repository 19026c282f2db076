import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { RunningProcess } from './run-process.ts';
import { REPOSITORY } from './run-program.ts';
import { tempFolder } from './temp-folder.ts';
import { toolPath } from './tools.ts';
import { until } from './until.ts';

/** A reverse proxy with the configuration that docs/reverse-proxies.md prints, but for names and ports. */
export type ReverseProxy = { readonly port: number; stop(): Promise<void> };

export const REVERSE_PROXIES = { nginx: startNginx, caddy: startCaddy, haproxy: startHaproxy } as const;

async function startNginx(dynonymPort: number): Promise<ReverseProxy> {
  const port = await freePort();
  const folder = tempFolder();
  const server = printed('nginx', [
    ['listen 80;', `listen 127.0.0.1:${port};`],
    ['127.0.0.1:8053', `127.0.0.1:${dynonymPort}`],
  ]);
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const paths = folders.map((name) => `${name}_temp_path ${join(folder, name)};`);
  writeFileSync(
    join(folder, 'nginx.conf'),
    [
      `daemon off; master_process off; pid ${join(folder, 'pid')}; error_log stderr crit;`,
      'events { worker_connections 1024; }',
      `http { access_log off; ${paths.join(' ')}\n${server} }`,
    ].join('\n'),
  );
  const args = ['-p', folder, '-c', join(folder, 'nginx.conf')];
  return started(port, new RunningProcess(toolPath('nginx'), args));
}

async function startCaddy(dynonymPort: number): Promise<ReverseProxy> {
  const port = await freePort();
  const folder = tempFolder();
  const site = printed('caddyfile', [
    ['ddns.example.org {', `http://:${port} {`],
    ['127.0.0.1:8053', `127.0.0.1:${dynonymPort}`],
  ]);
  const file = join(folder, 'Caddyfile');
  writeFileSync(file, `{\n\tadmin off\n\tdefault_bind 127.0.0.1\n}\n${site}`);
  mkdirSync(join(folder, 'home'));
  const env = { HOME: join(folder, 'home'), XDG_DATA_HOME: undefined, XDG_CONFIG_HOME: undefined };
  return started(
    port,
    new RunningProcess(toolPath('caddy'), ['run', '--adapter', 'caddyfile', '--config', file], { env }),
  );
}

async function startHaproxy(dynonymPort: number): Promise<ReverseProxy> {
  return runHaproxy((port) =>
    printed('haproxy', [
      ['bind :80', `bind 127.0.0.1:${port}`],
      ['127.0.0.1:8053', `127.0.0.1:${dynonymPort}`],
    ]),
  );
}

/** In front of two instances, each with its port for clients and that for operators. */
export async function startHaproxyForTwo(
  one: readonly [port: number, adminPort: number],
  two: readonly [port: number, adminPort: number],
): Promise<ReverseProxy> {
  return runHaproxy((port) => {
    const [front = '', backends = '', rule = ''] = blocks('haproxy');
    const text = front.replace(/^backend [\s\S]*/m, backends).replace(/^ *default_backend/m, `${rule}$&`);
    return replaced(text, [
      ['bind :80', `bind 127.0.0.1:${port}`],
      [`127.0.0.1:8053 port 9053`, `127.0.0.1:${one[0]} port ${one[1]}`],
      [`127.0.0.1:8054 port 9054`, `127.0.0.1:${two[0]} port ${two[1]}`],
      [`127.0.0.1:8053`, `127.0.0.1:${one[0]}`],
      [`127.0.0.1:8054`, `127.0.0.1:${two[0]}`],
    ]);
  });
}

async function runHaproxy(configuration: (port: number) => string): Promise<ReverseProxy> {
  const port = await freePort();
  const file = join(tempFolder(), 'haproxy.cfg');
  writeFileSync(file, `global\n    maxconn 1000\n${configuration(port)}`);
  return started(port, new RunningProcess(toolPath('haproxy'), ['-f', file]));
}

/** The first text of docs/reverse-proxies.md in this language, with these parts replaced. */
const printed = (language: string, replacements: Replacements): string =>
  replaced(blocks(language)[0] ?? '', replacements);

type Replacements = readonly (readonly [part: string, replacement: string])[];

/** The texts of docs/reverse-proxies.md in this language. */
function blocks(language: string): readonly string[] {
  const page = readFileSync(join(REPOSITORY, 'docs', 'reverse-proxies.md'), 'utf8');
  const all = page.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'));
  return [...all].map(([, text = '']) => text);
}

function replaced(text: string, replacements: Replacements): string {
  return replacements.reduce((all, [part, replacement]) => {
    if (!all.includes(part)) throw new Error(`docs/reverse-proxies.md has no "${part}"`);
    return all.replace(part, replacement);
  }, text);
}

async function started(port: number, process: RunningProcess): Promise<ReverseProxy> {
  let over = false;
  process.ended.then(() => {
    over = true;
  });
  await until(() => over || listens(port), { what: 'the proxy to listen' });
  if (over) throw new Error(`the proxy has ended: ${process.stderr}`);
  return {
    port,
    async stop() {
      process.kill('SIGTERM');
      await process.end();
    },
  };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      resolve(true);
      socket.destroy();
    });
    socket.on('error', () => resolve(false));
  });
}
