// SPDX-License-Identifier: Apache-2.0
/** For `pnpm linux`, and `pnpm linux:page` of it: whole Debians, made, built and booted without KVM, one machine at a time. It takes half an hour. */
import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig } from 'vitest/config';
import base from '../../vitest.config.js';

export default mergeConfig(
  { ...base, test: { ...base.test, include: [], setupFiles: [] } },
  defineConfig({
    root: fileURLToPath(new URL('../..', import.meta.url)),
    test: {
      include: ['tools/linux/*.linux.ts'],
      // The unit tests' rule against programs goes by a file's name, and these are not called as tests are.
      setupFiles: ['./tools/testing/property-setup.ts'],
      fileParallelism: false,
      testTimeout: 1_200_000,
      hookTimeout: 1_800_000,
    },
  }),
);
