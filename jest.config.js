// Unit tests resolve TypeScript sources (condition "@bookrunner/source"); whatever starts a process or a thread runs dist.
const swc = [
  '@swc/jest',
  {
    jsc: {
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: false, useDefineForClassFields: false },
      target: 'es2023',
    },
    module: { type: 'es6' },
    sourceMaps: 'inline',
  },
];

// Suites run beside each other and use the same names of accounts: no suite locks those of another.
process.env.BOOKRUNNER_ACCOUNT_LOCKS ??= 'off';

export default {
  // Many suites wait for processes of their own: one worker a core, where jest would leave one core to itself.
  maxWorkers: '100%',
  // Nothing here measures time: a suite that a busy machine holds up for seconds has not failed.
  testTimeout: 60_000,
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@bookrunner/source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  setupFiles: ['<rootDir>/scripts/jest-setup.mjs'],
  transform: { '^.+\\.ts$': swc },
  testMatch: ['<rootDir>/{packages,strategies}/*/{src,test}/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
};
