// SPDX-License-Identifier: Apache-2.0
/** For `npm test`: every test, the longest files first. */
import { availableParallelism } from 'node:os';
import { defineConfig, mergeConfig } from 'vitest/config';
import base from '../../vitest.config.js';
import { LongestFirst } from './longest-first.js';
import { PROGRAM_PROJECTS, ROOT, UNIT_PROJECTS } from './test-files.js';

/**
 * One more than there are cores: tests of programs wait for what takes no processor, for disks and for time limits. More than
 * eight virtual machines at once would want more memory than a desk has.
 */
const WORKERS = Math.min(availableParallelism() + 1, 8);

export default mergeConfig(
  { ...base, test: { ...base.test, include: [] } },
  defineConfig({
    root: ROOT,
    test: {
      maxWorkers: WORKERS,
      projects: [...PROGRAM_PROJECTS, ...UNIT_PROJECTS],
      sequence: { sequencer: LongestFirst },
      globalSetup: [
        './tools/testing/in-memory.ts',
        './tools/testing/few-certificates.ts',
        './tools/testing/build-once.ts',
      ],
    },
  }),
);
