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
import { createContainer, tokens } from 'dynonym';
import type {
  AuthenticateUser, Listener, PrimaryProbe, PrimaryReach, SecretPlace, Settings, Token, UpdateRecord, UserStore,
} from 'dynonym';

type IsAny<Type> = 0 extends 1 & Type ? true : false;
type Judged = [
  IsAny<ReturnType<typeof createContainer>>,
  IsAny<Parameters<AuthenticateUser['execute']>[0]>,
  IsAny<Awaited<ReturnType<UpdateRecord['execute']>>[0]>,
  IsAny<PrimaryProbe['probe']>,
  IsAny<PrimaryReach['reach']>,
  IsAny<SecretPlace['openToEverybody']>,
  IsAny<UserStore['find']>,
  IsAny<Settings['dns']>,
];
export const judged = (types: Judged): readonly false[] => types;
const container = createContainer({ configurationFile: 'dynonym.toml', lockFile: 'dynonym.lock' });
const asked: Token<Listener> = tokens.httpListener;
export const listener = (): Listener => container.get(asked);
`;

let project: string;

before(async () => {
  project = await installPackage(REPOSITORY);
  mkdirSync(join(project, 'node_modules/@types'));
  symlinkSync(join(REPOSITORY, 'node_modules/@types/node'), join(project, 'node_modules/@types/node'), 'dir');
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(TSCONFIG));
  for (const [index, code] of EXAMPLES.entries()) writeFileSync(join(project, `example-${index}.ts`), code);
  writeFileSync(join(project, 'uses.ts'), USES);
});

async function run(example: number): Promise<string> {
  const { status, stdout, stderr } = await runProcess(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), `example-${example}.ts`],
    { cwd: project },
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

/** More is a promise that the next release has to keep. */
const MOST_NAMES = 70;

test('docs/library.md has five examples', () => assert.equal(EXAMPLES.length, 5));

test('the library gives a handful of names, and each is used or explained', () => {
  const index = readFileSync(join(REPOSITORY, 'src/index.ts'), 'utf8');
  const document = readFileSync(join(REPOSITORY, 'docs/library.md'), 'utf8');
  const names: string[] = [];
  for (const [, list = '', file = ''] of index.matchAll(/^export (?:type )?\{([^}]*)\} from '(.*)';$/gm)) {
    const source = readFileSync(join(REPOSITORY, 'src', file), 'utf8');
    for (const item of list.split(',').filter((part) => part.trim() !== '')) {
      const name = item.trim().replace(/^type /, '');
      names.push(name);
      const declared = new RegExp(
        `\\*/\\nexport (?:const|function|async function|class|type|interface) ${name}\\b`,
      );
      assert.ok(declared.test(source) || new RegExp(`\\b${name}\\b`).test(document), name);
    }
  }
  assert.ok(names.length > 40 && names.length <= MOST_NAMES, `${names.length} names`);
});

test('the examples and the types of what is shipped are right, for a program that has @types/node alone', async () => {
  const tsc = join(REPOSITORY, 'node_modules/.bin/tsc');
  const { status, stdout } = await runProcess(tsc, ['-p', project]);
  assert.equal(status, 0, stdout);
});

test('the example that swaps adapters works as it stands', async () => {
  await configure([]);
  assert.equal(await run(1), 'changed\nunchanged\n2001:db8::7\n');
});

test('the example with users from elsewhere works as it stands', async () => {
  await configure([]);
  assert.equal(await run(2), 'authenticated\n');
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

  test('the example that answers a challenge works as it stands', async () => {
    assert.equal(await run(4), 'done\ndone\n');
    assert.deepEqual((await server().query('_acme-challenge.home.dyn.example.test', 'TXT')).answers, []);
  });

  test('the example that asks a primary works as it stands', async () => {
    await configure([['dns', '--socket', socketText(server().socket)]]);
    assert.equal(await run(3), 'A 192.0.2.80\n');
  });
});
