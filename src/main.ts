#!/usr/bin/env node
// Loading all the rest takes a while, in which somebody may ask for a reload, as if the program ran already. By
// default that would end it; and the configuration is about to be read anyway.
const heed = () => {};
process.on('SIGHUP', heed);

const { runCli } = await import('./adapters/cli/cli.ts');
const { openCheck, openDemo, openManagement, openService, openZones } = await import(
  './adapters/inversify/openers.ts'
);
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
  openZones,
});
// A command that has a use for the signal listens by now; any other is ended by it.
process.off('SIGHUP', heed);
process.exitCode = await running;
