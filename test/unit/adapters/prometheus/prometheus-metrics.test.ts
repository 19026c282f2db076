import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { PrometheusMetrics } from '../../../../src/adapters/prometheus/prometheus-metrics.ts';
import type { StoreState } from '../../../../src/application/ports/store-health.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import { parseSocketAddress } from '../../../../src/domain/socket-address.ts';
import { MemoryChallengeStore } from '../../../fakes/memory-challenge-store.ts';
import { valueIn } from '../../../support/parsed.ts';
import { REPOSITORY } from '../../../support/run-program.ts';

const CERTIFICATE = {
  notAfter: Date.UTC(2027, 0, 1),
  renewal: undefined,
  isGood: true,
  failures: 3,
  trouble: 'it rejected the order',
};

/** The counts of a program that asks these primaries; those whose names begin with `!` do not answer. */
function metricsOf(...primaries: readonly string[]): PrometheusMetrics {
  const states = primaries.map((text) => ({
    primary: valueIn(parseSocketAddress(text.replace('!', ''))),
    answers: !text.startsWith('!'),
  }));
  const certificate = { state: async () => CERTIFICATE };
  const store = { state: () => ({ answers: true }) as const };
  return new PrometheusMetrics({ states: () => states }, new MemoryChallengeStore(), certificate, [store]);
}

describe('the report of what was counted', () => {
  it('tells whether the store of users answers, where there is one', async () => {
    const states: StoreState[] = [{ answers: true }, { answers: false, knownFor: 60_000 }];
    const store = { state: () => states.shift() ?? { answers: true as const } };
    const metrics = new PrometheusMetrics({ states: () => [] }, new MemoryChallengeStore(), undefined, [
      store,
    ]);
    assert.match(await metrics.text(), /\ndynonym_store_up 1\n/);
    assert.match(await metrics.text(), /\ndynonym_store_up 0\n/);
    const none = new PrometheusMetrics({ states: () => [] }, new MemoryChallengeStore());
    assert.doesNotMatch(await none.text(), /dynonym_store_up/);
  });

  it('has one sample of everything, in the names and units of Prometheus', async () => {
    const metrics = metricsOf();
    metrics.requestAnswered('/nic/update', 200, 3);
    metrics.loginJudged('authenticated');
    metrics.nameUpdated('changed');
    metrics.nameUpdated('failed', 'DNS_TIMEOUT');
    metrics.challengeAnswered('present', 'done');
    metrics.challengeAnswered('cleanUp', 'failed', 'DNS_TIMEOUT');
    metrics.primaryAsked('ok', 2);
    metrics.changesSent(3, 'ok', 20);
    const text = await metrics.text();
    for (const line of [
      'dynonym_http_request_duration_seconds_bucket{le="0.0025",route="/nic/update",status="200"} 0',
      'dynonym_http_request_duration_seconds_bucket{le="0.005",route="/nic/update",status="200"} 1',
      'dynonym_http_request_duration_seconds_sum{route="/nic/update",status="200"} 0.003',
      'dynonym_logins_total{outcome="authenticated"} 1',
      'dynonym_name_updates_total{outcome="changed",fault=""} 1',
      'dynonym_name_updates_total{outcome="failed",fault="DNS_TIMEOUT"} 1',
      'dynonym_challenges_total{action="present",outcome="done",fault=""} 1',
      'dynonym_challenges_total{action="clean_up",outcome="failed",fault="DNS_TIMEOUT"} 1',
      'dynonym_challenges_standing 0',
      'dynonym_dns_lookup_duration_seconds_count{outcome="ok"} 1',
      'dynonym_dns_update_duration_seconds_sum{outcome="ok"} 0.02',
      'dynonym_dns_update_names_sum 3',
      `dynonym_certificate_not_after_seconds ${CERTIFICATE.notAfter / 1000}`,
      'dynonym_certificate_failed_orders 3',
    ]) {
      assert.ok(text.includes(`\n${line}\n`), `${line}\n in \n${text}`);
    }
  });

  it('tells how many challenges stand, and all else where that cannot be read', async () => {
    const name = domainName('_acme-challenge.home.example.org');
    const store = new MemoryChallengeStore();
    const metrics = new PrometheusMetrics({ states: () => [] }, store);
    await store.add({ asked: name, place: name, value: 'v', since: 0 });
    assert.match(await metrics.text(), /^dynonym_challenges_standing 1$/m);
    store.all = () => Promise.reject(new Error('unreadable'));
    const text = await metrics.text();
    assert.doesNotMatch(text, /^dynonym_challenges_standing \d/m);
    assert.match(text, /^process_cpu_seconds_total /m);
  });

  it('tells of each primary whether it answers', async () => {
    const text = await metricsOf('192.0.2.53:53', '![2001:db8::53]:53').text();
    assert.match(text, /^dynonym_primary_up\{primary="192\.0\.2\.53:53"\} 1$/m);
    assert.match(text, /^dynonym_primary_up\{primary="\[2001:db8::53\]:53"\} 0$/m);
    assert.equal(text.match(/^dynonym_primary_up\{/gm)?.length, 2);
  });

  it('one server that is asked with two keys: it answers both, or it does not', async () => {
    for (const primaries of [
      ['192.0.2.53:53', '!192.0.2.53:53'],
      ['!192.0.2.53:53', '192.0.2.53:53'],
    ]) {
      assert.match(
        await metricsOf(...primaries).text(),
        /^dynonym_primary_up\{primary="192\.0\.2\.53:53"\} 0$/m,
      );
    }
  });

  it('forgets primaries that the configuration has no more', async () => {
    const primary = valueIn(parseSocketAddress('192.0.2.53:53'));
    let states = [{ primary, answers: true }];
    const metrics = new PrometheusMetrics({ states: () => states }, new MemoryChallengeStore());
    assert.match(await metrics.text(), /^dynonym_primary_up\{/m);
    states = [];
    assert.doesNotMatch(await metrics.text(), /^dynonym_primary_up\{/m);
  });
});

describe('what the documents name', () => {
  /** `_bucket`, `_sum` and `_count` belong to a histogram. */
  const METRIC = /\b(?:dynonym|nodejs|process)_[a-z0-9_]*[a-z0-9]/g;

  for (const file of ['monitoring.md', 'monitoring/alerts.yml', 'monitoring/grafana-dashboard.json']) {
    it(`${file}: only metrics that there are`, async () => {
      const metrics = metricsOf();
      const known = new Set((await metrics.registry.getMetricsAsJSON()).map(({ name }) => name));
      const named = readFileSync(join(REPOSITORY, 'docs', file), 'utf8').match(METRIC) ?? [];
      assert.ok(named.length > 5);
      const unknown = named.filter(
        (name) => !known.has(name) && !known.has(name.replace(/_(?:bucket|sum|count)$/, '')),
      );
      assert.deepEqual(unknown, []);
    });
  }

  it('monitoring.md: all metrics of dynonym itself', async () => {
    const document = readFileSync(join(REPOSITORY, 'docs/monitoring.md'), 'utf8');
    const all = await metricsOf().registry.getMetricsAsJSON();
    const own = all.map(({ name }) => name).filter((name) => name.startsWith('dynonym_'));
    assert.ok(own.length > 4);
    assert.deepEqual(
      own.filter((name) => !document.includes(`\n| \`${name}\` `)),
      [],
    );
  });
});
