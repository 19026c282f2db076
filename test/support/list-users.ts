import { CliHarness } from './cli-harness.ts';
import { userNamed } from './fixtures.ts';

/** `dynonym configure users list` with many users, on the standard output of this process. */
const cli = new CliHarness();
for (let number = 1; number <= 20_000; number += 1) {
  await cli.users.add(userNamed(`user-${number}`));
}
const { code, stderr } = await cli.run('configure users list', { stdout: process.stdout });
process.stderr.write(stderr);
process.exitCode = code;
