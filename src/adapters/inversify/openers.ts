import type { CliContext } from '../cli/context.ts';
import { createContainer, loadService, loadSettings } from './create-container.ts';
import { tokens } from './tokens.ts';

/** What the commands work with, on the real adapters. */
export const openManagement: CliContext['openManagement'] = async (configurationFile) => {
  const container = createContainer({ configurationFile, lockFile: '' });
  return {
    manageUsers: container.get(tokens.manageUsers),
    manageHosts: container.get(tokens.manageHosts),
    configure: container.get(tokens.configure),
  };
};

export const openService: CliContext['openService'] = async ({ configFile, lockFile }) => {
  const container = createContainer({ configurationFile: configFile, lockFile });
  await loadService(container);
  const service = container.get(tokens.runService);
  return { run: (stop, hurry) => service.run(stop, hurry), reload: container.get(tokens.reload) };
};

export const openCheck: CliContext['openCheck'] = async (configurationFile) => {
  const container = createContainer({ configurationFile, lockFile: '' });
  await loadSettings(container);
  return {
    checkRights: container.get(tokens.checkRights),
    checkPrimaries: container.get(tokens.checkPrimaries),
    close: () => container.get(tokens.shutdown).close(),
  };
};
