import { cpus, release, totalmem } from 'node:os';
import { runProcess } from '../test/support/run-process.ts';
import { type Tool, toolPath } from '../test/support/tools.ts';

/** What the figures were measured on. */
export function machineText(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `Machine: ${cpus().length} × ${cpu?.model.trim()}, ${memory} GB, Linux ${release()}.`;
}

/** The programs that were measured, and measured with. */
export async function versionsText(): Promise<string> {
  const versions = await Promise.all([
    versionOf('named', '-v'),
    versionOf('knotd', '--version'),
    versionOf('pdns_server', '--version'),
    versionOf('dnsperf', '-h'),
  ]);
  const [bind, knot, powerDns, dnsperf] = versions;
  return `Versions: Node.js ${process.versions.node}, BIND ${bind}, Knot ${knot}, PowerDNS ${powerDns}, dnsperf ${dnsperf}.`;
}

async function versionOf(tool: Tool, option: string): Promise<string> {
  const { stdout, stderr } = await runProcess(toolPath(tool), [option]);
  return /\b\d+\.\d+(?:\.\d+)+\b/.exec(`${stdout}${stderr}`)?.[0] ?? 'of an unknown version';
}
