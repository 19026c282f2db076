import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { socketText } from '../../src/domain/socket-address.ts';
import { installPackage } from '../support/install-package.ts';
import { describeWithServers } from '../support/name-servers/describe-with-servers.ts';
import { KEYS, secretText } from '../support/name-servers/keys.ts';
import { runProcess } from '../support/run-process.ts';
import { REPOSITORY, runProgram } from '../support/run-program.ts';

const EXAMPLES = [
  ...readFileSync(join(REPOSITORY, 'docs/library.md'), 'utf8').matchAll(/^```ts\n([\s\S]*?)^```$/gm),
].map(([, code = '']) => code);

/** A program of somebody else, strict about types, also about those of the packages that it uses. */
const TSCONFIG = {
  compilerOptions: {
    target: 'es2023',
    module: 'nodenext',
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
  },
};

/** What else of the library such a program may touch; none of it may be `any`. */
const USES = `
import { createApp, HttpListener, openNameServer, createContainer, tokens } from 'dynonym';
import type {
  ListeningPlace, PrimaryProbe, PrimaryReach, SecretPlace, TlsTrust, UserStore, ZoneArchive,
} from 'dynonym';

type IsAny<Type> = 0 extends 1 & Type ? true : false;
type Judged = [
  IsAny<ReturnType<typeof createApp>>,
  IsAny<ConstructorParameters<typeof HttpListener>[0]>,
  IsAny<Awaited<ReturnType<typeof openNameServer>>['updater']>,
  IsAny<ReturnType<typeof createContainer>>,
  IsAny<PrimaryProbe['probe']>,
  IsAny<PrimaryReach['reach']>,
  IsAny<SecretPlace['openToEverybody']>,
  IsAny<UserStore['find']>,
  IsAny<TlsTrust['ca']>,
  IsAny<ZoneArchive['list']>,
];
export const judged = (types: Judged): readonly false[] => types;
const container = createContainer({ configurationFile: 'dynonym.toml', lockFile: 'dynonym.lock' });
export const listener = (services: Parameters<typeof createApp>[0], place: ListeningPlace) =>
  new HttpListener(createApp(services, () => []), place, container.get(tokens.logger));
`;

let project: string;

before(async () => {
  project = await installPackage(REPOSITORY, { runScripts: false });
  mkdirSync(join(project, 'node_modules/@types'));
  symlinkSync(join(REPOSITORY, 'node_modules/@types/node'), join(project, 'node_modules/@types/node'), 'dir');
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(TSCONFIG));
  for (const [index, code] of EXAMPLES.entries()) writeFileSync(join(project, `example-${index}.ts`), code);
  writeFileSync(join(project, 'uses.ts'), USES);
});

async function run(example: number, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { status, stdout, stderr } = await runProcess(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), `example-${example}.ts`],
    { cwd: project, env },
  );
  assert.equal(status, 0, stderr);
  return stdout;
}

async function configure(commands: readonly (readonly string[])[]): Promise<void> {
  for (const command of [['default', '--force'], ...commands]) {
    const { status, stderr } = await runProgram(['configure', ...command], {
      cwd: project,
      stdin: 's3cret\n',
    });
    assert.equal(status, 0, stderr);
  }
}

test('docs/library.md has three examples', () => assert.equal(EXAMPLES.length, 3));

test('the examples and the types of what is shipped are right, for a program that has @types/node alone', async () => {
  const tsc = join(REPOSITORY, 'node_modules/.bin/tsc');
  const { status, stdout } = await runProcess(tsc, ['-p', project]);
  assert.equal(status, 0, stdout);
});

test('the example that swaps adapters works as it stands', async () => {
  await configure([]);
  assert.equal(await run(1), 'changed\nunchanged\n2001:db8::7\n');
});

describeWithServers(['bind'], (server) => {
  test('the example that updates in process works as it stands', async () => {
    writeFileSync(join(project, 'secret'), secretText(KEYS.sha256));
    await configure([
      ['dns', '--socket', socketText(server().socket)],
      ['dns', '--tsig-name', KEYS.sha256.name, '--tsig-secret-file', 'secret'],
      ['users', 'add', 'alice'],
      ['users', 'auth', 'alice', 'home.dyn.example.test'],
    ]);
    assert.equal(await run(0), 'changed\n');
    assert.equal(await run(0), 'unchanged\n');
    const { answers } = await server().query('home.dyn.example.test', 'A');
    assert.deepEqual(
      answers.map(({ data }) => data),
      ['203.0.113.7'],
    );
  });

  test('the example that asks a primary works as it stands', async () => {
    const output = await run(2, { PRIMARY: socketText(server().socket) });
    assert.equal(output, 'A 192.0.2.80\n');
  });
});
