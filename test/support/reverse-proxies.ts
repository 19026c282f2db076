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
  const port = await freePort();
  const file = join(tempFolder(), 'haproxy.cfg');
  const text = printed('haproxy', [
    ['bind :80', `bind 127.0.0.1:${port}`],
    ['127.0.0.1:8053', `127.0.0.1:${dynonymPort}`],
  ]);
  writeFileSync(file, `global\n    maxconn 1000\n${text}`);
  return started(port, new RunningProcess(toolPath('haproxy'), ['-f', file]));
}

/** The text of docs/reverse-proxies.md in this language, with these parts replaced. */
function printed(language: string, replacements: readonly (readonly [string, string])[]): string {
  const page = readFileSync(join(REPOSITORY, 'docs', 'reverse-proxies.md'), 'utf8');
  let text = new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'm').exec(page)?.[1] ?? '';
  for (const [part, replacement] of replacements) {
    if (!text.includes(part)) throw new Error(`docs/reverse-proxies.md has no "${part}" for ${language}`);
    text = text.replace(part, replacement);
  }
  return text;
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
