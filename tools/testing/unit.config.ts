// SPDX-License-Identifier: Apache-2.0
/** For `pnpm test:unit` and the target `unit`: the tests that run no programs. */
import { defineConfig, mergeConfig } from 'vitest/config';
import base from '../../vitest.config.js';
import { ROOT, UNIT_PROJECTS } from './test-files.js';

export default mergeConfig(
  { ...base, test: { ...base.test, include: [] } },
  defineConfig({
    root: ROOT,
    test: {
      projects: UNIT_PROJECTS,
      globalSetup: ['./tools/testing/in-memory.ts', './tools/testing/few-certificates.ts'],
    },
  }),
);
