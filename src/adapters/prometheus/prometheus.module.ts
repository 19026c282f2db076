import { ContainerModule } from 'inversify';
import { noMetrics } from '../../application/ports/metrics.ts';
import { type Token, tokens } from '../inversify/tokens.ts';
import { PrometheusMetrics } from './prometheus-metrics.ts';

/** Both ports: it counts, and reports the counts. */
const prometheusMetrics = Symbol('prometheusMetrics') as unknown as Token<PrometheusMetrics>;

/** Binds the metrics and their report. Without [admin], nothing is counted, because nobody could ask. */
export const prometheusModule = new ContainerModule(({ bind }) => {
  bind(prometheusMetrics).toResolvedValue(
    (health, challenges) => new PrometheusMetrics(health, challenges),
    [tokens.primaryHealth, tokens.challengeStore],
  );
  bind(tokens.metrics).toDynamicValue((context) =>
    context.get(tokens.settings).admin === undefined ? noMetrics : context.get(prometheusMetrics),
  );
  bind(tokens.metricsReport).toResolvedValue((metrics) => metrics, [prometheusMetrics]);
});
