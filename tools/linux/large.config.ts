// SPDX-License-Identifier: Apache-2.0
/** For `pnpm linux:large`: a root of eight GiB, built and checked. It takes a quarter of an hour, and 30 GiB of disk. */
import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig } from 'vitest/config';
import linux from './vitest.config.js';

export default mergeConfig(
  { ...linux, test: { ...linux.test, include: [] } },
  defineConfig({
    root: fileURLToPath(new URL('../..', import.meta.url)),
    test: { include: ['tools/linux/*.large.ts'], testTimeout: 3_600_000 },
  }),
);
