import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: 'packages', include: ['packages/*/src/**/*.test.ts'] } },
      { extends: true, test: { name: 'workspace', include: ['test/e2e/**/*.test.ts', 'test/contracts/**/*.test.ts'] } },
      { extends: true, test: { name: 'interrupt', include: ['test/interrupt/**/*.test.ts'] } },
      // Needs Debian packages: Dovecot, mbsync, unzip, 7zip, Python.
      { extends: true, test: { name: 'system', include: ['test/system/**/*.test.ts'] } },
    ],
  },
});
