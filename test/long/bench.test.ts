import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, it } from 'node:test';
import { type Bed, prepareBed } from '../../bench/bed.ts';
import { changesPerSecond, oneDynonym } from '../../bench/changes.ts';
import { queriesPerSecond } from '../../bench/dnsperf.ts';
import { before as anotherBuild } from '../../bench/parts/before.ts';
import { changedOnBind } from '../../bench/parts/changed.ts';
import { flood } from '../../bench/parts/flood.ts';
import { history } from '../../bench/parts/history.ts';
import { hostile } from '../../bench/parts/hostile.ts';
import { http } from '../../bench/parts/http.ts';
import { latency } from '../../bench/parts/latency.ts';
import { nameServer } from '../../bench/parts/name-server.ts';
import { besideWriterOnBind, twoInstances } from '../../bench/parts/other-writers.ts';
import { pages } from '../../bench/parts/pages.ts';
import { pipelined } from '../../bench/parts/pipelined.ts';
import { store } from '../../bench/parts/store.ts';
import type { Row } from '../../bench/report.ts';
import { startUdpEcho } from '../../bench/servers.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { PROGRAM } from '../support/run-program.ts';
import { DATABASE_TOOLS } from '../support/tools.ts';

const CONDITIONS = { program: PROGRAM, scale: { repetitions: 1, divisor: 50 }, say() {} };

describeWithTools('the benchmark', ['named', 'dig', 'dnsperf'], () => {
  let bed: Bed;
  before(async () => {
    bed = await prepareBed('BIND', CONDITIONS, { names: 2_000 });
  });
  after(() => bed.stop());

  /** Has a server without a name server behind it take the place of dynonym. */
  async function changesOfLiar(answer: (address: string) => string): Promise<number> {
    const liar = createServer((request, response) => {
      const { searchParams } = new URL(request.url ?? '', 'http://localhost');
      response.end(answer(searchParams.get('myip') ?? ''));
    });
    await once(liar.listen(0, '127.0.0.1'), 'listening');
    try {
      return await changesPerSecond(oneDynonym({ ...bed, dynonym: liar.address() as AddressInfo }), 4, 40);
    } finally {
      liar.closeAllConnections();
      liar.close();
    }
  }

  it('counts the changes of dynonym, and finds each of them in the zone', async () => {
    assert.ok((await changesPerSecond(oneDynonym(bed), 4, 80)) > 0);
    const held = await bed.primary.addressesIn(bed.fleet.zone);
    assert.deepEqual(
      bed.fleet.names.map((name) => held.get(name)),
      bed.fleet.names.map(() => [bed.fleet.address]),
    );
  });

  it('finds out a success that is not in the zone', async () => {
    await assert.rejects(
      changesOfLiar((address) => `good ${address}\n`),
      /was answered with success, and BIND has/,
    );
  });

  it('takes no answer for a success but the right words about the right address', async () => {
    await assert.rejects(
      changesOfLiar((address) => `nochg ${address}\n`),
      /40 of 40 changes failed: 200 nochg/,
    );
    await assert.rejects(
      changesOfLiar(() => 'good 192.0.2.250\n'),
      /40 of 40 changes failed: 200 good/,
    );
  });

  it('compares dynonym with dnsperf on the same server', async () => {
    const rows = await changedOnBind.run(CONDITIONS);
    assert.equal(rows.length, 4);
    assertMeasured(rows);
  });

  it('measures single updates and those that change nothing, and finds all as they should be in the zone', async () => {
    for (const [part, count] of [
      [history, 4],
      [latency, 2],
      [http, 5],
    ] as const) {
      const rows = await part.run(CONDITIONS);
      assert.equal(rows.length, count);
      assertMeasured(rows);
    }
  });

  it('measures updates with pages beside those without, and each page', async () => {
    const rows = await pages.run(CONDITIONS);
    assert.equal(rows.length, 20);
    // Not how heavy a page is: that of hosts says more while changes are not visible yet.
    assertMeasured(rows);
  });

  it('measures changes beside another writer and with a second dynonym', async () => {
    const [beside, errors, changedBefore] = await besideWriterOnBind.run(CONDITIONS);
    assert.ok(beside !== undefined && errors !== undefined && changedBefore !== undefined);
    assertMeasured([beside, changedBefore]);
    assert.equal(errors.ours.values.length, 1);
    assertMeasured(await twoInstances.run(CONDITIONS));
  });

  it('measures this build beside itself, as it would be beside another', async () => {
    const rows = await anotherBuild.run({ ...CONDITIONS, against: PROGRAM });
    assert.equal(rows.length, 10);
    assertMeasured(rows);
  });

  it('measures updates beside bursts of pipelined requests, and the slowest of hostile messages', async () => {
    assertMeasured(await pipelined.run(CONDITIONS));
    assertMeasured(await hostile.run(CONDITIONS));
  });

  it('measures updates in a flood of wrong passwords, of which each is judged or turned away', async () => {
    const rows = await flood.run(CONDITIONS);
    assert.equal(rows.length, 3);
    assertMeasured(rows);
  });

  it('takes no question that comes back for an answer', async () => {
    const echo = await startUdpEcho();
    const setting = { mode: 'udp', clients: 1, outstanding: 8 } as const;
    await assert.rejects(queriesPerSecond(echo, bed.fleet, setting, 1), /were answered, with/);
    await echo.stop();
  });
});

describeWithTools('the benchmark of the name server', ['named', 'knotd', 'dig', 'dnsperf'], () => {
  it('measures questions and updates beside others, and finds every update afterwards', async () => {
    const rows = await nameServer.run(CONDITIONS);
    assert.equal(rows.length, 4);
    assertMeasured(rows);
  });
});

describeWithTools('the benchmark of users in PostgreSQL', ['named', 'dig', ...DATABASE_TOOLS], () => {
  it('fills a database, and measures updates with few and with many users', async () => {
    const rows = await store.run({ ...CONDITIONS, scale: { repetitions: 1, divisor: 200 } });
    assert.equal(rows.length, 12);
    assertMeasured(rows);
  });
});

function assertMeasured(rows: readonly Row[]): void {
  for (const { of, values } of rows.flatMap(({ ours, theirs }) => [ours, theirs])) {
    assert.ok(values.length > 0 && values.every((value) => value > 0), of);
  }
}
