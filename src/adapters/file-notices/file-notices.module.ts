import { ContainerModule } from 'inversify';
import { besideConfiguration } from '../files/beside-configuration.ts';
import { tokens } from '../inversify/tokens.ts';
import { FileNoticeStore } from './file-notice-store.ts';

/** Keeps pending notices beside the configuration: `dynonym.toml` has `dynonym.notices.jsonl`. */
export const fileNoticesModule = new ContainerModule(({ bind }) => {
  bind(tokens.noticeStore).toResolvedValue(
    (configuration, shutdown, logger) => {
      const store = new FileNoticeStore(besideConfiguration(configuration, 'notices.jsonl'), logger);
      shutdown.register('pending notices', () => store.close());
      return store;
    },
    [tokens.configurationFile, tokens.shutdown, tokens.logger],
  );
});
