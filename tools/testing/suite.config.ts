// SPDX-License-Identifier: Apache-2.0
/** For `npm test`: every test, the longest files first. */
import { defineConfig, mergeConfig } from 'vitest/config';
import base from '../../vitest.config.js';
import { LongestFirst } from './longest-first.js';
import { PROGRAM_PROJECT, ROOT, UNIT_PROJECTS } from './test-files.js';

export default mergeConfig(
  { ...base, test: { ...base.test, include: [] } },
  defineConfig({
    root: ROOT,
    test: {
      projects: [PROGRAM_PROJECT, ...UNIT_PROJECTS],
      sequence: { sequencer: LongestFirst },
      globalSetup: ['./tools/testing/build-once.ts'],
    },
  }),
);
