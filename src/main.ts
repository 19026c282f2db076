#!/usr/bin/env node
// While the rest is loaded, a SIGHUP may arrive to ask for a reload. By default it would end the program. It can be
// ignored, because the configuration has yet to be read.
const heed = () => {};
process.on('SIGHUP', heed);

const { runCli } = await import('./adapters/cli/cli.ts');
const { openCheck, openDemo, openHistory, openManagement, openService, openTestNotices, openZones } =
  await import('./adapters/inversify/openers.ts');
const running = runCli(process.argv.slice(2), {
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  colorDepth: 1,
  signals: process,
  exit: (code) => process.exit(code),
  openManagement,
  openService,
  openCheck,
  openDemo,
  openHistory,
  openTestNotices,
  openZones,
});
// A command that uses the signal has its listener by now. Any other command is ended by it.
process.off('SIGHUP', heed);
process.exitCode = await running;
