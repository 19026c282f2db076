/**
 * The architecture as rules (docs/design.md draws it). A rule gets no exemption: code that breaks one
 * stands in the wrong room and moves. test/architecture.test.ts plants violations and expects each to be
 * found, because the tool passes silently when it cannot parse what it is given.
 *
 * @type {import('dependency-cruiser').IConfiguration}
 */
module.exports = {
  forbidden: [
    {
      name: 'domain-is-pure',
      comment: 'The domain knows only itself: no layer above, no npm package, no node: module.',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { pathNot: '^src/domain/' },
    },
    {
      name: 'application-knows-domain-only',
      comment:
        'Use cases and ports import the domain and each other: no adapter, no npm package, no node: module.',
      severity: 'error',
      from: { path: '^src/application/' },
      to: { pathNot: '^src/(domain|application)/' },
    },
    {
      name: 'adapters-are-strangers',
      comment:
        'An adapter imports the core, itself, the leaves (wire codec, files, snippets, words) and the tokens; never another adapter. ' +
        'Only the composition root sees them all.',
      severity: 'error',
      from: { path: '^src/adapters/([^/]+)/', pathNot: '^src/adapters/inversify/' },
      to: {
        path: '^src/',
        pathNot: [
          '^src/(domain|application)/',
          '^src/adapters/$1/',
          '^src/adapters/(dns-wire|files|snippets|check-words|notice-words)/',
          '^src/adapters/inversify/(tokens|shutdown)\\.ts$',
        ],
      },
    },
    {
      name: 'leaves-import-no-adapter',
      comment: 'What every adapter may import must not bring another adapter with it, not even another leaf.',
      severity: 'error',
      from: { path: '^src/adapters/(dns-wire|files|snippets)/' },
      to: { path: '^src/', pathNot: ['^src/(domain|application/ports)/', '^src/adapters/$1/'] },
    },
    {
      name: 'words-import-no-adapter',
      comment: 'Words need what they are about, and no other adapter.',
      severity: 'error',
      from: { path: '^src/adapters/(check-words|notice-words)/' },
      to: { path: '^src/', pathNot: ['^src/(domain|application)/', '^src/adapters/$1/'] },
    },
    {
      name: 'tokens-and-shutdown-are-leaves',
      comment: 'What every adapter may import must not pull the container in.',
      severity: 'error',
      from: { path: '^src/adapters/inversify/(tokens|shutdown)\\.ts$' },
      to: { path: '^src/adapters/', pathNot: '^src/adapters/inversify/(tokens|shutdown)\\.ts$' },
    },
    {
      name: 'container-stays-in-modules',
      comment: 'inversify is seen by module files and the composition root only.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['\\.module\\.ts$', '^src/adapters/inversify/'] },
      to: { path: '(^|node_modules/)(inversify|@inversifyjs|reflect-metadata)(/|$)' },
    },
    {
      name: 'entry-points-start-things-only',
      comment: 'main.ts runs the CLI; everything else is behind it.',
      severity: 'error',
      from: { path: '^src/main\\.ts$' },
      to: { path: '^src/', pathNot: '^src/adapters/(cli|inversify)/' },
    },
    {
      name: 'nobody-imports-an-entry-point',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(main|index)\\.ts$' },
      to: { path: '^src/(main|index)\\.ts$' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-undeclared-packages',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
