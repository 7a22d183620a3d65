// SPDX-License-Identifier: Apache-2.0
import { defineConfig, mergeConfig } from 'vitest/config';
import base from '../../vitest.config.js';

/** The unit tests of the package that is mutated. */
const config = mergeConfig(
  base,
  defineConfig({
    plugins: [
      {
        name: 'processes',
        // StrykerJS runs tests in threads, which have no working directory of their own.
        configureVitest({ vitest, project }) {
          vitest.config.pool = 'forks';
          project.config.pool = 'forks';
        },
      },
    ],
    test: { exclude: ['**/node_modules/**', '**/*.int.test.ts'], testTimeout: 20_000 },
  }),
);
config.test.include = [`packages/${process.env.MUTATE}/{src,test}/**/*.test.ts`];

export default config;
