// SPDX-License-Identifier: Apache-2.0
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { assetPlugin } from './tools/assets/plugin.js';

export default defineConfig({
  plugins: [assetPlugin()],
  // Packages are tested from their sources: no build has to happen first.
  resolve: { conditions: ['@latticra/source'] },
  // Assets of dependencies go through the plugin above as well: Node itself imports no .wasm.
  ssr: { resolve: { conditions: ['@latticra/source'] }, noExternal: [/\.wasm$/] },
  test: {
    setupFiles: ['./tools/testing/no-programs.ts', './tools/testing/property-setup.ts'],
    include: ['packages/*/{src,test}/**/*.test.ts', 'apps/*/{src,test}/**/*.test.ts', 'tools/**/*.test.ts'],
    reporters: ['default', './tools/testing/summary-reporter.ts'],
    pool: 'forks',
    // As many as there are cores; more than eight virtual machines at once would want more memory than a desk has.
    maxWorkers: Math.min(availableParallelism(), 8),
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
