#!/usr/bin/env node
// While the rest is loaded, a SIGHUP may arrive to ask for a reload. By default it would end the program. It can be
// ignored, because the configuration has yet to be read.
const heed = () => {};
process.on('SIGHUP', heed);

const { runCli } = await import('./adapters/cli/cli.ts');
const { closeOpened } = await import('./adapters/inversify/opened.ts');
/** Loads the adapters when they are needed: help, completion and snippets need none. */
const openers = async () => await import('./adapters/inversify/openers.ts');
const running = runCli(process.argv.slice(2), {
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  colorDepth: 1,
  signals: process,
  exit: (code) => process.exit(code),
  openManagement: async (file) => (await openers()).openManagement(file),
  openService: async (files) => (await openers()).openService(files),
  openCheck: async (file) => (await openers()).openCheck(file),
  openDemo: async (tell) => (await openers()).openDemo(tell),
  openHistory: async (file) => (await openers()).openHistory(file),
  openImport: async (file) => (await openers()).openImport(file),
  openNames: async (file) => (await import('./adapters/inversify/open-names.ts')).openNames(file),
  openCopy: async (file, from, to) => (await openers()).openCopy(file, from, to),
  openStore: async (file, address) => (await openers()).openStore(file, address),
  openTestNotices: async (file) => (await openers()).openTestNotices(file),
  openZones: async (file) => (await openers()).openZones(file),
});
// A command that uses SIGHUP listens to it by now. Any other command ends by it again.
process.off('SIGHUP', heed);
process.exitCode = await running;
await closeOpened();
