import tseslint from 'typescript-eslint';

const clockAndChance = [
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: 'Time comes from platform/clock.ts.',
  },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Time comes from platform/clock.ts.' },
  {
    selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
    message: 'Chance comes from platform/random.ts.',
  },
  { selector: "CallExpression[callee.property.name='randomUUID']", message: 'Ids come from platform/random.ts.' },
  {
    selector: "MemberExpression[object.name='process'][property.name='env']",
    message: 'Only platform/config.ts reads the environment.',
  },
];

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', 'coverage/**', 'var/**'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-restricted-syntax': ['error', ...clockAndChance],
      'no-restricted-globals': ['error', 'setTimeout', 'setInterval'],
      eqeqeq: ['error', 'always'],
    },
  },
  {
    files: [
      'src/platform/clock.ts',
      'src/platform/random.ts',
      'src/platform/config.ts',
      'src/web/islands/**',
      'tests/support/**',
      'bench/**',
      'scripts/**',
    ],
    rules: { 'no-restricted-syntax': 'off', 'no-restricted-globals': 'off' },
  },
);
