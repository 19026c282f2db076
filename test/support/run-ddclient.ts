import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProcess } from './run-process.ts';
import { tempFolder } from './temp-folder.ts';
import { toolPath } from './tools.ts';

/** Runs ddclient once with this configuration. Resolves to all that it says. */
export async function runDdclient(text: string): Promise<string> {
  const folder = tempFolder();
  const file = join(folder, 'ddclient.conf');
  writeFileSync(file, `${text}\n`, { mode: 0o600 });
  const flags = ['-daemon=0', '-noquiet', '-verbose', '-force', '-file', file];
  const { stdout, stderr } = await runProcess(toolPath('ddclient'), [
    ...flags,
    ...['-cache', join(folder, 'cache')],
  ]);
  return stdout + stderr;
}
