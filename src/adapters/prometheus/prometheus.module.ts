import { ContainerModule } from 'inversify';
import { noMetrics } from '../../application/ports/metrics.ts';
import { type Token, tokens } from '../inversify/tokens.ts';
import { PrometheusMetrics } from './prometheus-metrics.ts';

/** Counts and reports. */
const prometheusMetrics = Symbol('prometheusMetrics') as unknown as Token<PrometheusMetrics>;

/** Binds what counts, where somebody may ask for the counts, and what tells them. */
export const prometheusModule = new ContainerModule(({ bind }) => {
  bind(prometheusMetrics).toResolvedValue((health) => new PrometheusMetrics(health), [tokens.primaryHealth]);
  bind(tokens.metrics).toDynamicValue((context) =>
    context.get(tokens.settings).admin === undefined ? noMetrics : context.get(prometheusMetrics),
  );
  bind(tokens.metricsReport).toResolvedValue((metrics) => metrics, [prometheusMetrics]);
});
