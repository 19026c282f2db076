import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { atExit } from '../test/support/clean-up.ts';
import { runProcess } from '../test/support/run-process.ts';
import { findTool, TOOLS, type Tool } from '../test/support/tools.ts';

const APT_GET = '/usr/bin/apt-get';
const MINUTES = 60_000;

/**
 * Sees to the tools that tests and benchmarks need. Where it may (Debian and its kin, as root), it says which packages
 * are missing and what for, and installs them. What is still missing after that, it says in a line. What a missing tool
 * means is for the tests to say.
 */
export async function installTools(tools: readonly Tool[], say: (line: string) => void): Promise<void> {
  const wanted = missingPackages(tools);
  if (wanted.length === 0) return;
  if (process.getuid?.() === 0 && existsSync(APT_GET)) {
    say('Installing Debian packages, for the name servers and clients that tests and benchmarks run:');
    for (const wantedPackage of wanted)
      say(`  ${wantedPackage}, for ${toolsOf(tools, wantedPackage).join(', ')}`);
    const problem = await withoutStartingServices(() => install(wanted));
    if (problem !== undefined) say(problem);
  }
  const missing = missingPackages(tools);
  if (missing.length > 0) say(`Not installed (names of Debian packages): ${missing.join(' ')}`);
}

function missingPackages(tools: readonly Tool[]): string[] {
  return [...new Set(tools.filter((tool) => findTool(tool) === undefined).map((tool) => TOOLS[tool]))].sort();
}

/** The missing programs and files that a package brings. */
function toolsOf(tools: readonly Tool[], debianPackage: string): readonly Tool[] {
  return tools.filter((tool) => TOOLS[tool] === debianPackage && findTool(tool) === undefined);
}

/** Gives what went wrong, by then at the latest. */
async function install(
  packages: readonly string[],
  end = performance.now() + 2.5 * MINUTES,
): Promise<string | undefined> {
  for (const args of [['update'], ['install', '--yes', '--no-install-recommends', ...packages]]) {
    const { status, stdout, stderr } = await runProcess(
      APT_GET,
      // Another apt may be at work: the lock is waited for.
      ['--quiet', '--option', 'DPkg::Lock::Timeout=60', ...args],
      { env: { DEBIAN_FRONTEND: 'noninteractive' }, within: end - performance.now() },
    );
    if (status !== 0) return `apt-get ${args[0]} failed (exit ${status}):\n${stdout}${stderr}`;
  }
  return undefined;
}

/**
 * Debian's packages start the services that they bring; these would take ports, and memory. A machine that has
 * a policy of its own keeps it.
 */
async function withoutStartingServices<Result>(action: () => Promise<Result>): Promise<Result> {
  const policy = '/usr/sbin/policy-rc.d';
  if (existsSync(policy)) return action();
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755, flag: 'wx' });
  const remove = () => rmSync(policy, { force: true });
  const forget = atExit(remove);
  try {
    return await action();
  } finally {
    remove();
    forget();
  }
}
