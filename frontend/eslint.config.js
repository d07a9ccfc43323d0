import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import globals from 'globals';

/** `lib, ui, api → features → app`: folders that the files of a folder may not import from. */
const layers = [
  { folder: 'lib', above: 'ui|api|features|app' },
  { folder: 'api', above: 'ui|features|app' },
  { folder: 'ui', above: 'api|features|app' },
  { folder: 'features', above: 'app' },
];

const barrels = { group: ['**/index.js'], message: 'Import the file itself.' };
const siblings = {
  regex: '^(\\.\\./)+(filters|import|live|pipeline|refresh|summary|trust)/',
  message: 'Features do not import each other: compose them in src/app.',
};

const layerRules = layers.map(({ folder, above }) => ({
  files: [`src/${folder}/**`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          barrels,
          { regex: `^(\\.\\./)+(${above})/`, message: `src/${folder} stands below that folder.` },
          ...(folder === 'features' ? [siblings] : []),
        ],
      },
    ],
  },
}));

export default [
  { ignores: ['dist/', 'node_modules/', 'shots/'] },
  js.configs.recommended,
  {
    files: ['**/*.{js,jsx,mjs}'],
    languageOptions: {
      ecmaVersion: 2025,
      sourceType: 'module',
      parserOptions: { ecmaFeatures: { jsx: true } },
      globals: { ...globals.browser, __GALLERY__: 'readonly' },
    },
    plugins: { 'react-hooks': reactHooks },
    rules: {
      ...reactHooks.configs.recommended.rules,
      'no-restricted-imports': ['error', { patterns: [barrels] }],
      'no-restricted-syntax': [
        'error',
        { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: 'Trusted types: no HTML from strings.' },
        { selector: "CallExpression[callee.name='parseFloat']", message: 'Amounts are exact: use lib/money.js.' },
      ],
      'no-unused-vars': ['error', { varsIgnorePattern: '^[A-Z_]', argsIgnorePattern: '^_' }],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      eqeqeq: 'error',
    },
  },
  ...layerRules,
  {
    files: ['tests/**', 'scripts/**', '*.config.js', '**/*.test.{js,jsx}'],
    languageOptions: { globals: { ...globals.node, ...globals.vitest } },
  },
];
