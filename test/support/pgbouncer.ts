import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { giveToOwner, OWNER, ownedFolder, POSTGRES_LOGIN, type Postgres } from './postgres.ts';
import { RunningProcess } from './run-process.ts';
import { toolPath } from './tools.ts';
import { until } from './until.ts';

export type PgBouncer = {
  /** An address of a database of the server behind it, for any login. */
  url(database: string): string;
  stop(): Promise<void>;
};

/**
 * A PgBouncer in front of a server: transactions of one connection may go to the server by different connections of a
 * few. It ends with the test file.
 */
export async function startPgBouncer(server: Pick<Postgres, 'port'>): Promise<PgBouncer> {
  const folder = ownedFolder();
  const port = await freePort();
  const configuration = join(folder, 'pgbouncer.ini');
  const password = POSTGRES_LOGIN.password.replaceAll("'", "''");
  writeFileSync(
    configuration,
    `[databases]
* = host=127.0.0.1 port=${server.port} user=${POSTGRES_LOGIN.user} password='${password}'
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 4
max_client_conn = 200
server_login_retry = 0.1
ignore_startup_parameters = extra_float_digits
`,
  );
  giveToOwner(configuration);
  const program = new RunningProcess(toolPath('pgbouncer'), [configuration], { owner: OWNER, cwd: '/' });
  await until(() => accepts(port), { what: 'PgBouncer to listen' });
  return {
    url: (database) => `postgres://anybody:any@127.0.0.1:${port}/${database}`,
    async stop() {
      program.kill('SIGINT');
      await program.end();
    },
  };
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.destroy();
  return true;
}
