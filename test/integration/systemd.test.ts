import assert from 'node:assert/strict';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { freePort } from '../support/free-port.ts';
import { RunningProcess, runProcess } from '../support/run-process.ts';
import { PROGRAM, REPOSITORY, startProgram } from '../support/run-program.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { toolPath } from '../support/tools.ts';
import { until } from '../support/until.ts';

/** Prints every datagram that arrives at a socket, with its sender's end closed, as systemd does. */
const LISTENER = `
import socket, sys
inbox = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
inbox.bind(sys.argv[1])
print("bound", flush=True)
while True:
    print(inbox.recv(4096).decode().replace("\\n", " "), flush=True)
`;

function configured(http: string): string[] {
  const folder = tempFolder();
  const file = join(folder, 'dynonym.toml');
  writeFileSync(file, `[http]\n${http}\n`);
  return ['serve', '-c', file, '-l', join(folder, 'dynonym.lock')];
}

describeWithTools('a service of systemd', ['systemd-notify', 'python3'], () => {
  it('tells when it is ready, alive, reloading and stopping', async () => {
    const path = join(tempFolder(), 'notify.sock');
    const systemd = new RunningProcess('python3', ['-c', LISTENER, path]);
    await until(() => systemd.stdout.includes('bound'), { what: 'the socket' });
    const heard = () =>
      systemd.stdout.split('\n').filter((line) => /^[A-Z]/.test(line) && !/^BARRIER/.test(line));
    const service = startProgram(configured('socket = "127.0.0.1:0"'), {
      env: { NOTIFY_SOCKET: path, WATCHDOG_USEC: '400000' },
    });

    await until(() => heard().length > 0, { what: 'the first message' });
    assert.equal(heard()[0], 'READY=1');
    assert.match(service.stderr, /"Listening"/);
    await until(() => heard().filter((line) => line === 'WATCHDOG=1').length > 2, { what: 'signs of life' });

    service.kill('SIGHUP');
    const changes = () => heard().filter((line) => line !== 'WATCHDOG=1');
    await until(() => changes().length === 3, { what: 'the reload' });
    assert.match(changes().slice(1).join('|'), /^RELOADING=1 MONOTONIC_USEC=\d+\|READY=1$/);

    service.kill('SIGTERM');
    assert.equal((await service.end()).status, 0);
    assert.equal(changes().at(-1), 'STOPPING=1');
    systemd.kill('SIGTERM');
  });

  it('that has a systemd which does not listen serves all the same, and says so', async () => {
    const service = startProgram(configured('socket = "127.0.0.1:0"'), {
      env: { NOTIFY_SOCKET: join(tempFolder(), 'nobody.sock') },
    });
    await until(() => service.stderr.includes('Could not notify systemd'), {
      what: 'the warning',
    });
    assert.match(service.stderr, /"Listening"/);
    service.kill('SIGTERM');
    assert.equal((await service.end()).status, 0);
  });
});

describeWithTools('a socket that systemd opens', ['systemd-socket-activate'], () => {
  it('is served in place of that of the configuration, as is a second one', async () => {
    const [port, other] = [await freePort(), await freePort()];
    const service = new RunningProcess(toolPath('systemd-socket-activate'), [
      `--listen=127.0.0.1:${port}`,
      `--listen=127.0.0.1:${other}`,
      '-E',
      'PATH',
      '-E',
      'DYNONYM_MAIN',
      ...PROGRAM,
      // Nobody could listen there.
      ...configured('socket = "192.0.2.1:80"'),
    ]);
    await until(() => service.stderr.match(/Listening on/g)?.length === 2, { what: 'systemd to listen' });
    // The connection that starts the service is answered by it.
    assert.equal(await (await fetch(`http://127.0.0.1:${port}/ip`)).text(), '127.0.0.1');
    assert.equal(await (await fetch(`http://127.0.0.1:${other}/ip`)).text(), '127.0.0.1');
    const address = `"http://127.0.0.1:${port}"`;
    await until(() => service.stderr.includes(address), { what: 'the log to name the address' });
    service.kill('SIGTERM');
    assert.equal((await service.end()).status, 0);
  });
});

describeWithTools('the unit of systemd', ['systemd-analyze'], () => {
  const unit = join(REPOSITORY, 'packaging/dynonym.service');

  it('is rated OK by systemd-analyze security', async () => {
    const { stdout } = await runProcess('systemd-analyze', [
      'security',
      '--offline=true',
      '--no-pager',
      unit,
    ]);
    const [, exposure, rating] = /Overall exposure level for .*: ([\d.]+) (\w+)/.exec(stdout) ?? [];
    assert.equal(rating, 'OK', stdout);
    assert.ok(Number(exposure) < 2, stdout);
  });

  it('has nothing that systemd does not know', async () => {
    for (const file of [unit, join(REPOSITORY, 'packaging/dynonym.socket')]) {
      const { stderr } = await runProcess('systemd-analyze', ['verify', file]);
      assert.doesNotMatch(stderr, /Unknown|Failed to parse|ignoring/i);
    }
  });

  it('is a template with the drop-in of docs/operations.md, whose instances share no folder', async () => {
    const folder = tempFolder();
    const template = join(folder, 'dynonym@.service');
    copyFileSync(unit, template);
    const page = readFileSync(join(REPOSITORY, 'docs/operations.md'), 'utf8');
    const [, dropIn = ''] = /^```ini\n(.*?)^```$/ms.exec(page) ?? [];
    mkdirSync(`${template}.d`);
    writeFileSync(join(`${template}.d`, 'instance.conf'), dropIn);
    const { stderr } = await runProcess('systemd-analyze', ['verify', join(folder, 'dynonym@one.service')]);
    assert.doesNotMatch(stderr, /Unknown|Failed to parse|ignoring/i);
    // What the unit says about its folders and files is said anew for each instance.
    const own = readFileSync(unit, 'utf8')
      .split('\n')
      .filter((line) => /^\w+=.*\bdynonym\b/.test(line) && !/^Description=/.test(line));
    assert.equal(own.length, 5);
    for (const line of own) {
      const expected = line.replaceAll(/(?<=[/=])dynonym(?=\/|$)/g, 'dynonym-%i');
      assert.ok(dropIn.includes(`\n${expected}\n`), expected);
    }
  });
});

describe('a server that is told to stop', () => {
  it('lets a request finish that has begun', async () => {
    const service = startProgram(configured('socket = "127.0.0.1:0"'));
    const line = await until(() => /"http:\/\/127\.0\.0\.1:(\d+)"/.exec(service.stderr), {
      what: 'the server',
    });
    const socket = connect(Number(line[1]), '127.0.0.1');
    await once(socket, 'connect');
    let answer = '';
    socket.setEncoding('utf8').on('data', (text) => {
      answer += text;
    });
    // A form whose last octets come after the stop.
    socket.write(
      'POST /nic/update HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n',
    );
    socket.write('Content-Length: 10\r\n\r\nhostna');
    await until(async () => (await fetch(`http://127.0.0.1:${line[1]}/ip`)).ok, {
      what: 'the request to be read',
    });
    service.kill('SIGTERM');
    await until(() => service.stderr.includes('Stopping'), { what: 'the stop' });
    socket.write('me=a');
    await once(socket, 'close');
    assert.match(answer, /^HTTP\/1\.1 \d+ /);
    assert.match(answer, /badauth/);
    assert.equal((await service.end()).status, 0);
  });
});
