// The import table of STYLE section 3, as data.
const all = [
  'treaties',
  'authorities',
  'requests',
  'exchange',
  'evidence',
  'knowledge',
  'review',
  'goods',
  'assets',
  'mandates',
  'identity',
  'audit',
  'packs',
];
const base = ['identity', 'audit'];
const mayUse = {
  audit: [],
  identity: ['audit'],
  packs: base,
  treaties: base,
  evidence: base,
  authorities: ['treaties', 'evidence', ...base],
  knowledge: ['treaties', 'evidence', ...base],
  exchange: ['authorities', 'evidence', ...base],
  goods: ['authorities', 'evidence', ...base],
  requests: ['treaties', 'authorities', 'evidence', ...base],
  assets: ['treaties', 'authorities', 'requests', 'evidence', ...base],
  review: ['treaties', 'knowledge', 'evidence', ...base],
  mandates: ['treaties', 'knowledge', 'review', 'evidence', ...base],
};
const uphill = all.map((name) => ({
  name: `uphill-from-${name}`,
  severity: 'error',
  from: { path: `^src/modules/${name}/` },
  to: { path: `^src/modules/(?!(${[name, ...mayUse[name]].join('|')})/)` },
}));

module.exports = {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'door',
      comment: 'Other modules are reached through index.ts',
      severity: 'error',
      from: { path: '^src/modules/([^/]+)/', pathNot: '\\.test\\.tsx?$' },
      to: { path: '^src/modules/([^/]+)/', pathNot: ['^src/modules/$1/', '^src/modules/[^/]+/index\\.ts$'] },
    },
    {
      name: 'door-from-outside',
      severity: 'error',
      from: { path: '^src/(?!modules/)', pathNot: '^src/bench' },
      to: { path: '^src/modules/[^/]+/', pathNot: '^src/modules/[^/]+/index\\.ts$' },
    },
    {
      name: 'platform-knows-no-module',
      severity: 'error',
      from: { path: '^src/platform/' },
      to: { path: '^src/(modules|web)/' },
    },
    { name: 'web-knows-no-module', severity: 'error', from: { path: '^src/web/' }, to: { path: '^src/modules/' } },
    {
      name: 'rules-are-pure',
      severity: 'error',
      from: { path: '^src/modules/[^/]+/(rules|schema)(\\.ts$|/)', pathNot: '\\.test\\.tsx?$' },
      to: { path: '^src/', pathNot: ['^src/modules/[^/]+/(rules|schema)(\\.ts$|/)', '^src/platform/values/'] },
    },
    {
      name: 'envelope',
      severity: 'error',
      from: { path: '^src/modules/exchange/envelope', pathNot: '\\.test\\.tsx?$' },
      to: { path: '^src/', pathNot: ['^src/platform/(values|crypto)/', '^src/modules/exchange/(envelope|schema)'] },
    },
    {
      name: 'only-app-knows-all',
      severity: 'error',
      from: { path: '^src/(main|cli|platform|web)', pathNot: '^src/(cli|main|bench)\\.ts$' },
      to: { path: '^src/app/' },
    },
    ...uphill,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js', '.json'] },
  },
};
