import type { UserName } from '../../src/domain/user.ts';
import { CliHarness } from './cli-harness.ts';

/** `dynonym configure users list` with many users, on the standard output of this process. */
const cli = new CliHarness();
for (let number = 1; number <= 20_000; number += 1) {
  const name = `user-${number}` as UserName;
  await cli.users.add({ name, passwordHash: '', domains: [], offline: false, networks: [], tokens: [] });
}
const { code, stderr } = await cli.run('configure users list', { stdout: process.stdout });
process.stderr.write(stderr);
process.exitCode = code;
