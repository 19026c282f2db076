import { join } from 'node:path';
import { buildSite } from './site/build-site.ts';
import { REPOSITORY } from './site/collect.ts';
import { deadLinks } from './site/dead-links.ts';

// Writes the documentation as a site: static files, which a browser opens from the disk too.
const folder = join(REPOSITORY, 'site');
buildSite(folder);
const dead = deadLinks(folder);
if (dead.length > 0) {
  process.stderr.write(`These links lead nowhere:\n${dead.join('\n')}\n`);
  process.exitCode = 1;
} else {
  process.stdout.write(`Wrote the documentation. Open ${join(folder, 'index.html')}\n`);
}
