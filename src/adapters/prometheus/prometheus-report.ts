import { AggregatorRegistry, type MetricObjectWithValues, type MetricValue, Registry } from 'prom-client';
import type { Counts, CountsSource, MetricsReport } from '../../application/ports/counts.ts';

/** What all processes counted, as if one had: sums, but for values such as delays, of which it is the mean. */
export class PrometheusReport implements MetricsReport {
  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE;
  readonly #source: CountsSource;

  constructor(source: CountsSource) {
    this.#source = source;
  }

  async text(): Promise<string> {
    const counts = await this.#source.counts();
    return AggregatorRegistry.aggregate(counts.map(asWritten)).metrics();
  }
}

/** All counts come from PrometheusMetrics, if need be of another process of this program. */
const asWritten = (counts: Counts) => counts as MetricObjectWithValues<MetricValue<string>>[];
