import assert from 'node:assert/strict';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { writePieces } from '../../../../src/adapters/cli/options.ts';
import { writeLine } from '../../../../src/adapters/name-server/journal/journal-line.ts';
import { journalHeader } from '../../../../src/adapters/name-server/journal/read-journal.ts';
import { ZoneFolder } from '../../../../src/adapters/name-server/zone-folder.ts';
import type { ServedZone } from '../../../../src/application/manage/settings.ts';
import { noLogger } from '../../../../src/application/ports/logger.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { MemoryLockPlace, MemoryProcessLock } from '../../../fakes/memory-process-lock.ts';
import { CliHarness } from '../../../support/cli-harness.ts';
import { firstZone } from '../../../support/open-zone-store.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { recordsOf } from '../../../support/zone-of.ts';

const ZONE = 'dyn.example.org';
const START = Date.UTC(2026, 0, 1);
const MASTER_FILE = `$ORIGIN ${ZONE}.
$TTL 300
@ IN SOA ns1 hostmaster 7 3600 600 86400 60
@ IN NS ns1
ns1 IN A 192.0.2.1
home 60 IN A 203.0.113.7
home IN TXT "a b"
`;

/** The command line beside the folder of the zone, which nobody serves. */
function site() {
  const folder = tempFolder();
  const lock = new MemoryLockPlace(1, 4711);
  const cli = new CliHarness();
  const zone: ServedZone = { ...firstZone(ZONE), updates: [], transfer: [], notify: [] };
  const data = join(folder, 'zones');
  const clock = new ManualClock(START);
  const ports = { lock: new MemoryProcessLock(lock, 1), clock, logger: noLogger };
  cli.zones = new ZoneFolder({ data, zones: [zone] }, ports);
  const file = (text: string): string => {
    const path = join(folder, 'given.zone');
    writeFileSync(path, text);
    return path;
  };
  return { cli, folder, lock, data, file };
}

/** The same, with the zone imported. */
async function siteWithZone() {
  const here = site();
  const { code, stderr } = await here.cli.run(`zone import ${ZONE} ${here.file(MASTER_FILE)}`);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  return here;
}

describe('zone import', () => {
  it('into a zone that has not begun: it begins as the file says', async () => {
    const { cli, file } = site();
    const { code, stdout } = await cli.run(`zone import ${ZONE} ${file(MASTER_FILE)}`);
    assert.equal(code, 0);
    assert.match(stdout, /which has the serial 7 now\.\n$/);
    assert.equal((await cli.run('zone list')).stdout, `${ZONE} serial 7 records 5\n`);
  });

  it('of what is there already: nothing changes, and it says so', async () => {
    const { cli, file } = await siteWithZone();
    const { code, stdout } = await cli.run(`zone import ${ZONE} ${file(MASTER_FILE)}`);
    assert.deepEqual(
      { code, stdout },
      { code: 0, stdout: `${ZONE} has these records already: its serial stays 7.\n` },
    );
  });

  it('of another state: what the file does not say is gone, and the serial moves on', async () => {
    const { cli, file } = await siteWithZone();
    const other = MASTER_FILE.replace(/^home.*\n/gm, '').replace(' 7 ', ' 3 ');
    assert.equal((await cli.run(`zone import ${ZONE} ${file(other)}`)).code, 0);
    assert.equal((await cli.run('zone list')).stdout, `${ZONE} serial 8 records 3\n`);
  });

  it('of a bad file: all problems with file and line, and the zone is as it was', async () => {
    const { cli, file } = await siteWithZone();
    const before = (await cli.run(`zone export ${ZONE}`)).stdout;
    const path = file(`${MASTER_FILE}x IN A 192.0.2.256\ny IN NONSENSE z\n`);
    const { code, stdout, stderr } = await cli.run(`zone import ${ZONE} ${path}`);
    assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
    for (const line of [8, 9]) assert.ok(stderr.includes(`"${path}", line ${line}: `), stderr);
    assert.equal((await cli.run(`zone export ${ZONE}`)).stdout, before);
  });

  it('of a bad file into a zone that has not begun: nothing is made', async () => {
    const { cli, data, file } = site();
    assert.equal((await cli.run(`zone import ${ZONE} ${file('rubbish\n')}`)).code, 1);
    assert.equal(existsSync(data), false);
  });

  it('of a file that includes another beside it', async () => {
    const { cli, folder, file } = await siteWithZone();
    const path = file(`${MASTER_FILE}$INCLUDE hosts.zone\n`);
    writeFileSync(join(folder, 'hosts.zone'), 'more IN A 192.0.2.9\n');
    assert.equal((await cli.run(`zone import ${ZONE} ${path}`)).code, 0);
    assert.equal(
      (await cli.run(`zone show ${ZONE} more.${ZONE}`)).stdout,
      `more.${ZONE}. 300 IN A 192.0.2.9\n`,
    );

    writeFileSync(join(folder, 'hosts.zone'), '$INCLUDE nowhere.zone\n');
    const { code, stderr } = await cli.run(`zone import ${ZONE} ${path}`);
    const hosts = join(folder, 'hosts.zone');
    const nowhere = join(folder, 'nowhere.zone');
    assert.deepEqual(
      { code, stderr },
      {
        code: 1,
        stderr: `dynonym: "${hosts}", line 1: $INCLUDE cannot read "${nowhere}": no such file or directory (ENOENT)\n`,
      },
    );
  });

  describe('where the files of the zone cannot be read', () => {
    const SOA_7 = /^@ .* SOA .*\n/m;
    const journalLine = (to: number) => {
      const soa = (serial: number) => recordsOf(ZONE, `@ SOA ns1 hostmaster ${serial} 3600 600 86400 60\n`);
      return writeLine([{ from: to - 1, to, deleted: soa(to - 1), added: soa(to) }]);
    };
    const journalOf = (...lines: readonly string[]) => journalHeader(ZONE) + lines.join('');
    /** A line of a journal that is no line any more, and takes `octets` of it. */
    const rubbish = (octets: number) => `${'x'.repeat(octets - 1)}\n`;

    const rows: readonly [string, { zone?: string; journal?: string; serial: number }][] = [
      [
        'a journal that is damaged at its end',
        { zone: MASTER_FILE, journal: journalOf(journalLine(8), rubbish(100)), serial: 8 + 100 + 1 },
      ],
      [
        'a journal that is damaged before its end',
        { zone: MASTER_FILE, journal: journalOf(journalLine(8), rubbish(9), journalLine(10)), serial: 11 },
      ],
      ['a journal without its zone file', { journal: journalOf(journalLine(8)), serial: 9 }],
      ['a zone file with a line that is none', { zone: `${MASTER_FILE}x IN A x\n`, serial: 8 }],
      [
        'a zone file without a SOA, and a journal',
        { zone: MASTER_FILE.replace(SOA_7, ''), journal: journalOf(journalLine(8)), serial: 9 },
      ],
      ['nothing that tells a serial', { zone: 'rubbish\n', serial: START / 1000 + 1 }],
    ];
    for (const [what, { zone, journal, serial }] of rows) {
      it(`${what}: the zone is as the file says, its serial goes on, and what was there is kept`, async () => {
        const { cli, data, file } = site();
        mkdirSync(data);
        const damaged = Object.entries({ zone, journal }).filter(([, text]) => text !== undefined);
        for (const [part, text] of damaged) writeFileSync(join(data, `${ZONE}.${part}`), text ?? '');
        assert.equal((await cli.run(`zone show ${ZONE}`)).code, 1);

        const given = file(MASTER_FILE);
        const { code, stdout, stderr } = await cli.run(`zone import ${ZONE} ${given}`);
        assert.equal(code, 0, stderr);
        assert.equal(stdout, `Imported "${given}" into ${ZONE}, which has the serial ${serial} now.\n`);
        const kept = damaged.map(([part]) => join(data, `${ZONE}.${part}.damaged-2026-01-01T000000.000Z`));
        assert.equal(stderr, kept.map((path) => `What could not be read is kept as "${path}".\n`).join(''));
        assert.deepEqual(
          kept.map((path) => readFileSync(path, 'utf8')),
          damaged.map(([, text]) => text),
        );
        const { stdout: text } = await cli.run(`zone export ${ZONE}`);
        const other = site();
        await other.cli.run(`zone import ${ZONE} ${other.file(MASTER_FILE.replace(' 7 ', ` ${serial} `))}`);
        assert.equal(text, (await other.cli.run(`zone export ${ZONE}`)).stdout);
      });
    }

    it('takes the serial of the file where that is later', async () => {
      const { cli, data, file } = site();
      mkdirSync(data);
      writeFileSync(join(data, `${ZONE}.journal`), journalOf(journalLine(6)));
      assert.match((await cli.run(`zone import ${ZONE} ${file(MASTER_FILE)}`)).stdout, / the serial 7 now/);
    });

    it('stays as it is where the file is none, and while a server runs', async () => {
      const { cli, lock, data, file } = site();
      mkdirSync(data);
      writeFileSync(join(data, `${ZONE}.zone`), 'rubbish\n');
      assert.equal((await cli.run(`zone import ${ZONE} ${file('rubbish\n')}`)).code, 1);
      await new MemoryProcessLock(lock, 4711).acquire();
      const { code, stderr } = await cli.run(`zone import ${ZONE} ${file(MASTER_FILE)}`);
      assert.equal(code, 1);
      assert.match(
        stderr,
        /is in use by process 4711: stop it first; if it is not dynonym, remove "[^"]+"\n$/,
      );
      assert.deepEqual(readdirSync(data), [`${ZONE}.zone`]);
    });

    it('because the system does not let us: nothing is replaced', async () => {
      const { cli, data, file } = site();
      mkdirSync(join(data, `${ZONE}.journal`), { recursive: true });
      const { code, stderr } = await cli.run(`zone import ${ZONE} ${file(MASTER_FILE)}`);
      assert.equal(code, 1);
      assert.match(stderr, /\.journal" cannot be used: illegal operation on a directory \(EISDIR\)\n$/);
    });
  });

  it('while a server runs: it says which process to stop', async () => {
    const { cli, lock, file } = await siteWithZone();
    await new MemoryProcessLock(lock, 4711).acquire();
    const { code, stderr } = await cli.run(`zone import ${ZONE} ${file(MASTER_FILE)}`);
    assert.equal(code, 1);
    assert.match(stderr, /is in use by process 4711: stop it first; if it is not dynonym, remove "[^"]+"\n$/);
  });

  it('of a file that is not there: one line', async () => {
    const { cli } = site();
    const { code, stderr } = await cli.run(`zone import ${ZONE} nowhere.zone`);
    assert.deepEqual(
      { code, stderr },
      { code: 1, stderr: 'dynonym: FILE "nowhere.zone": there is no such file\n' },
    );
  });
});

describe('zone export', () => {
  it('export, import, export: the same file', async () => {
    const one = await siteWithZone();
    const { stdout: text } = await one.cli.run(`zone export ${ZONE}`);
    const other = site();
    assert.equal((await other.cli.run(`zone import ${ZONE} ${other.file(text)}`)).code, 0);
    assert.equal((await other.cli.run(`zone export ${ZONE}`)).stdout, text);
  });

  it('to standard output: what was written is told on standard error', async () => {
    const { cli } = await siteWithZone();
    const { stderr } = await cli.run(`zone export ${ZONE}`);
    assert.equal(stderr, 'Wrote 5 records, serial 7, to standard output.\n');
  });

  it('to a file: the same text, and what was written on standard output', async () => {
    const { cli, folder } = await siteWithZone();
    const copy = join(folder, 'copy.zone');
    assert.deepEqual(await cli.run(`zone export ${ZONE} ${copy}`), {
      code: 0,
      stdout: `Wrote 5 records, serial 7, to "${copy}".\n`,
      stderr: '',
    });
    assert.equal(readFileSync(copy, 'utf8'), (await cli.run(`zone export ${ZONE}`)).stdout);
  });

  it('in place of an older copy: with its mode, and behind a link', async () => {
    const { cli, folder } = await siteWithZone();
    const [copy, link] = [join(folder, 'copy.zone'), join(folder, 'link.zone')];
    writeFileSync(copy, 'old', { mode: 0o640 });
    symlinkSync(copy, link);
    assert.equal((await cli.run(`zone export ${ZONE} ${link}`)).code, 0);
    assert.equal(readFileSync(copy, 'utf8'), (await cli.run(`zone export ${ZONE}`)).stdout);
    assert.equal(statSync(copy).mode & 0o777, 0o640);
    assert.ok(lstatSync(link).isSymbolicLink());
    assert.deepEqual(readdirSync(folder).sort(), ['copy.zone', 'given.zone', 'link.zone', 'zones']);
  });

  it('to a place that cannot be written: one line that says what to do', async () => {
    const { cli, folder, file } = await siteWithZone();
    for (const [place, reason] of [
      [`${folder}/no/copy`, 'there is no such folder: make it first'],
      [folder, 'it is a folder: name a file in it'],
      [`${file('x')}/copy`, 'a part of its path is no folder'],
      ['/dev/full', 'its disk is full, and nothing was changed'],
    ] as const) {
      assert.deepEqual(await cli.run(`zone export ${ZONE} ${place}`), {
        code: 1,
        stdout: '',
        stderr: `dynonym: FILE "${place}": ${reason}\n`,
      });
    }
  });

  it('that fails half way: the older copy stays, and nothing beside it', async () => {
    const folder = tempFolder();
    const copy = join(folder, 'copy.zone');
    writeFileSync(copy, 'old');
    const pieces = (function* () {
      yield 'new';
      throw Object.assign(new Error('no space'), { code: 'ENOSPC', syscall: 'write' });
    })();
    await assert.rejects(writePieces('FILE', copy, pieces), {
      message: `FILE "${copy}": its disk is full, and nothing was changed`,
    });
    assert.equal(readFileSync(copy, 'utf8'), 'old');
    assert.deepEqual(readdirSync(folder), ['copy.zone']);
  });
});

describe('zone show', () => {
  it('all records, each whole in its line', async () => {
    const { cli } = await siteWithZone();
    const { stdout } = await cli.run(`zone show ${ZONE}`);
    assert.deepEqual(stdout.split('\n'), [
      'dyn.example.org. 300 IN SOA ns1.dyn.example.org. hostmaster.dyn.example.org. 7 3600 600 86400 60',
      'dyn.example.org. 300 IN NS ns1.dyn.example.org.',
      'home.dyn.example.org. 60 IN A 203.0.113.7',
      'home.dyn.example.org. 300 IN TXT "a b"',
      'ns1.dyn.example.org. 300 IN A 192.0.2.1',
      '',
    ]);
  });

  it('the root in the data of a record: a dot', async () => {
    const { cli, file } = await siteWithZone();
    assert.equal((await cli.run(`zone import ${ZONE} ${file(`${MASTER_FILE}none IN MX 0 .\n`)}`)).code, 0);
    const { stdout } = await cli.run(`zone show ${ZONE} none.${ZONE}`);
    assert.equal(stdout, `none.${ZONE}. 300 IN MX 0 .\n`);
  });

  it('one name, in any case: its records alone', async () => {
    const { cli } = await siteWithZone();
    const { stdout } = await cli.run(`zone show Dyn.Example.Org. NS1.dyn.example.org`);
    assert.equal(stdout, 'ns1.dyn.example.org. 300 IN A 192.0.2.1\n');
  });

  it('a name without records, or of another zone: a failure that says so', async () => {
    const { cli } = await siteWithZone();
    const nobody = await cli.run(`zone show ${ZONE} nobody.${ZONE}`);
    assert.deepEqual(nobody, { code: 1, stdout: '', stderr: `dynonym: nobody.${ZONE} has no records\n` });
    const foreign = await cli.run(`zone show ${ZONE} example.net`);
    assert.deepEqual(foreign, {
      code: 1,
      stdout: '',
      stderr: `dynonym: example.net is no name of ${ZONE}\n`,
    });
  });
});

describe('zone', () => {
  it('list of a zone that is damaged: standard error says where, and the exit code too', async () => {
    const { cli, data } = await siteWithZone();
    writeFileSync(join(data, `${ZONE}.zone`), 'rubbish\n');
    const { code, stdout, stderr } = await cli.run('zone list');
    assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
    assert.match(stderr, /dyn\.example\.org\.zone", line 1: /);
  });

  it('before the zone has begun: list says so, the others tell how it begins', async () => {
    const { cli } = site();
    assert.equal((await cli.run('zone list')).stdout, `${ZONE} not begun\n`);
    for (const command of ['show', 'export']) {
      const { code, stderr } = await cli.run(`zone ${command} ${ZONE}`);
      assert.equal(code, 1);
      assert.match(stderr, /has no records yet: it begins when dynonym serve starts/);
    }
  });

  it('a zone that is not configured: one line, nothing is read', async () => {
    const { cli } = site();
    for (const command of ['show', 'export', 'import']) {
      const { code, stderr } = await cli.run(
        `zone ${command} example.net ${command === 'import' ? 'x' : ''}`,
      );
      assert.equal(code, 1);
      assert.match(stderr, /has no zone "example\.net"; dynonym zone list shows which there are/);
    }
  });

  it('without a name server: no zones, said on standard error', async () => {
    const cli = new CliHarness();
    const { code, stdout, stderr } = await cli.run('zone list');
    assert.deepEqual({ code, stdout }, { code: 0, stdout: '' });
    assert.match(stderr, /has no zones in \[nameserver\]/);
  });
});
