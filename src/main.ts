#!/usr/bin/env node
import { runCli } from './adapters/cli/cli.ts';
import { openCheck, openDemo, openManagement, openService, openZones } from './adapters/inversify/openers.ts';

process.exitCode = await runCli(process.argv.slice(2), {
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
