import { writeFileSync } from 'node:fs';
import { readNewPassword } from '../../src/adapters/cli/password-prompt.ts';

/** Asks for a password where it is run, and writes what came of it into the file that it is given. */
const [file = ''] = process.argv.slice(2);
writeFileSync(`${file}.pid`, String(process.pid));
writeFileSync(file, JSON.stringify(await readNewPassword(process, 'alice')));
