import { ContainerModule } from 'inversify';
import { type History, noHistory } from '../../application/ports/history.ts';
import { besideConfiguration } from '../files/beside-configuration.ts';
import { tokens } from '../inversify/tokens.ts';
import { FileHistory } from './file-history.ts';
import { FileManagementHistory } from './file-management-history.ts';

/** Keeps histories beside the configuration: `dynonym.toml` has `dynonym.history.jsonl` and `dynonym.management.json`. */
export const fileHistoryModule = new ContainerModule(({ bind }) => {
  bind(tokens.managementHistory).toResolvedValue(
    (configuration, logger) =>
      new FileManagementHistory(besideConfiguration(configuration, 'management.json'), logger),
    [tokens.configurationFile, tokens.logger],
  );
  bind(tokens.history).toResolvedValue(
    (configuration, { history }, clock, logger, metrics, shutdown): History => {
      if (history.events === 0) return noHistory;
      const path = history.file ?? besideConfiguration(configuration, 'history.jsonl');
      const lost = (events: number) => metrics.eventsLost(events);
      const kept = new FileHistory(path, { limits: history, clock, logger, lost });
      shutdown.register('the history', () => kept.close());
      return kept;
    },
    [tokens.configurationFile, tokens.settings, tokens.clock, tokens.logger, tokens.metrics, tokens.shutdown],
  );
});
