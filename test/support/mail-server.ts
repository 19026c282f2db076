import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAuthority, issue } from './certificates.ts';
import { freePort } from './free-port.ts';
import { RunningProcess } from './run-process.ts';
import { tempFolder } from './temp-folder.ts';
import { toolPath } from './tools.ts';
import { until } from './until.ts';

/** An Exim on the loopback. It takes mails without TLS from everybody, and with TLS after the login `me`, `s3cret`. */
export type MailServer = {
  /** For `smtp://127.0.0.1`, and for `smtp://localhost` by STARTTLS. */
  readonly port: number;
  /** For `smtps://localhost`. */
  readonly tlsPort: number;
  /** The authority, in PEM, that signed its certificate for `localhost`. */
  readonly authorityFile: string;
  /** All mails that it has taken, in order. */
  mails(): readonly string[];
};

/** Needs root, as Exim does where it gives mails to users. It ends with the test file. */
export async function startMailServer(): Promise<MailServer> {
  const folder = tempFolder();
  chmodSync(folder, 0o755);
  const [port, tlsPort] = [await freePort(), await freePort()];
  const authority = await createAuthority('authority of mail');
  const { certificateFile, keyFile } = await issue(authority, 'DNS:localhost');
  const files = { certificate: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  writeFileSync(files.certificate, readFileSync(certificateFile));
  writeFileSync(files.key, readFileSync(keyFile));
  const box = join(folder, 'mail', 'box');
  const configuration = join(folder, 'exim.conf');
  writeFileSync(
    configuration,
    `primary_hostname = mail.example.test
daemon_smtp_ports = ${port} : ${tlsPort}
tls_on_connect_ports = ${tlsPort}
local_interfaces = 127.0.0.1
spool_directory = ${folder}/spool
log_file_path = ${folder}/log/%s
pid_file_path = ${folder}/pid
tls_advertise_hosts = *
tls_certificate = ${files.certificate}
tls_privatekey = ${files.key}
auth_advertise_hosts = *
acl_smtp_rcpt = rcpt
acl_smtp_data = data
keep_environment =
begin acl
rcpt:
  accept encrypted = *
         authenticated = *
  accept condition = \${if eq{$tls_in_cipher}{}}
  deny
data:
  accept
begin routers
all:
  driver = accept
  transport = file
begin transports
file:
  driver = appendfile
  file = ${box}
  user = Debian-exim
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = \${if and{{eq{$auth2}{me}}{eq{$auth3}{s3cret}}}}
  server_set_id = $auth2
`,
  );
  // The user Debian-exim, whose spool this is.
  const { uid, gid } = statSync('/var/spool/exim4');
  for (const name of ['spool', 'log', 'mail']) {
    mkdirSync(join(folder, name));
    chownSync(join(folder, name), uid, gid);
  }
  chownSync(files.key, uid, gid);
  new RunningProcess(toolPath('exim4'), ['-C', configuration, '-bdf']);
  await until(() => existsSync(join(folder, 'pid')), { what: 'Exim listens' });
  return {
    port,
    tlsPort,
    authorityFile: authority.certificateFile,
    mails: () =>
      existsSync(box)
        ? readFileSync(box, 'utf8')
            .split(/^From dynonym@/m)
            .slice(1)
        : [],
  };
}
