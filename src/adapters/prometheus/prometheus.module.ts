import { ContainerModule } from 'inversify';
import { noMetrics } from '../../application/ports/metrics.ts';
import { type Token, tokens } from '../inversify/tokens.ts';
import { PrometheusMetrics } from './prometheus-metrics.ts';

/** Both ports: it counts, and reports the counts. */
const prometheusMetrics = Symbol('prometheusMetrics') as unknown as Token<PrometheusMetrics>;

/** Binds the metrics and their report. Without [admin], nothing is counted, because nobody could ask. */
export const prometheusModule = new ContainerModule(({ bind }) => {
  bind(prometheusMetrics).toDynamicValue((context) => {
    // Resolved late, because it depends on the metrics: a renewal changes the DNS, and changes are counted.
    const certificate = { state: () => context.get(tokens.certificateHealth).state() };
    const { tls } = context.get(tokens.settings).http;
    return new PrometheusMetrics(
      context.get(tokens.primaryHealth),
      context.get(tokens.challengeStore),
      tls && certificate,
      context.get(tokens.trustedCopies),
    );
  });
  bind(tokens.metrics).toDynamicValue((context) =>
    context.get(tokens.settings).admin === undefined ? noMetrics : context.get(prometheusMetrics),
  );
  bind(tokens.metricsReport).toResolvedValue((metrics) => metrics, [prometheusMetrics]);
});
