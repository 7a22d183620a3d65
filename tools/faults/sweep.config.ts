// SPDX-License-Identifier: Apache-2.0
import { defineConfig, mergeConfig } from 'vitest/config';
import base from '../../vitest.config.js';

/** For `pnpm faults`: the sweep alone, which is no part of the suite. */
export default mergeConfig(
  { ...base, test: { ...base.test, include: [], setupFiles: [] } },
  defineConfig({
    root: new URL('../..', import.meta.url).pathname,
    test: { include: ['tools/faults/sweep.ts'] },
  }),
);
