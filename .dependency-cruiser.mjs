/**
 * The arrows of docs/design.md. Imports go down only:
 * index → compose → {durable, http} → pipeline → core; adapters implement what pipeline declares;
 * smtp and mime know no clients; core knows nothing; web stands alone.
 */

// Core modules that describe mail, not clients: the only ones the protocol folders may know.
const MAIL_SHAPES = '^src/core/(address|reply|outcome|client)[.]ts$';

function only(folder, allowed, comment) {
  return {
    name: `${folder}-imports-down-only`,
    comment,
    severity: 'error',
    from: { path: `^src/${folder}/` },
    to: { path: '^src/', pathNot: allowed.map((name) => `^src/${name}(/|[.]ts$)`) },
  };
}

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      comment: 'A file nobody imports is either an entry (named here) or dead.',
      severity: 'error',
      from: {
        orphan: true,
        path: '^src/',
        pathNot: ['[.]d[.]ts$', '^src/index[.]ts$', '^src/mime/no-charsets[.]ts$', '^src/web/'],
      },
      to: {},
    },
    {
      name: 'core-imports-nothing-outside-core',
      comment: 'No clock, no randomness, no I/O, no packages: decisions that a table can test.',
      severity: 'error',
      from: { path: '^src/core/' },
      to: { pathNot: '^src/core/' },
    },
    {
      name: 'smtp-knows-no-clients',
      severity: 'error',
      from: { path: '^src/smtp/' },
      to: { path: '^src/', pathNot: ['^src/smtp/', MAIL_SHAPES] },
    },
    {
      name: 'mime-knows-no-clients',
      severity: 'error',
      from: { path: '^src/mime/' },
      to: { path: '^src/', pathNot: ['^src/mime/', MAIL_SHAPES, '^src/core/ids[.]ts$'] },
    },
    only('db', ['db', 'core'], 'The schema knows the shapes of core and nothing else.'),
    only('filter', ['filter', 'core', 'mime'], 'Scanners judge content; the pipeline decides what follows.'),
    only(
      'pipeline',
      ['pipeline', 'core', 'smtp', 'mime', 'filter'],
      'Steps declare what they need; they never reach for it.',
    ),
    only(
      'adapters',
      ['adapters', 'pipeline', 'core', 'smtp', 'mime', 'filter', 'db', 'env'],
      'Adapters implement what the pipeline declares.',
    ),
    only(
      'durable',
      ['durable', 'pipeline', 'core', 'smtp', 'mime', 'adapters', 'env'],
      'The object holds; it does not show.',
    ),
    only('http', ['http', 'pipeline', 'core', 'mime', 'db', 'adapters', 'env'], 'http shows; it does not hold.'),
    {
      name: 'web-stands-alone',
      comment: 'The browser half may know the shapes of the other half, never its code.',
      severity: 'error',
      from: { path: '^src/web/' },
      to: { path: '^src/', pathNot: '^src/web/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'nothing-imports-web',
      severity: 'error',
      from: { pathNot: '^(src/web/|test/web/)' },
      to: { path: '^src/web/' },
    },
    {
      name: 'only-the-entry-composes',
      comment: 'compose.ts is where needs meet adapters; whoever imports it has stopped declaring needs.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/index[.]ts$', '^src/compose'] },
      to: { path: '^src/compose' },
    },
    {
      name: 'nothing-imports-the-entry',
      comment: 'The generated types of the bindings name its classes, and are no code.',
      severity: 'error',
      from: { path: '^src/', pathNot: '[.]d[.]ts$' },
      to: { path: '^src/index[.]ts$' },
    },
    {
      name: 'src-imports-no-tests-or-tools',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|tools|bench)/' },
    },
    {
      name: 'not-to-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^cloudflare:' },
    },
    {
      name: 'not-to-dev-dependencies',
      comment: 'What the Worker carries is a dependency.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/web/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['workerd', 'worker', 'browser', 'import', 'types', 'default'],
    },
  },
};
