// SPDX-License-Identifier: Apache-2.0
/** Faults put into one package, one by one, to see which its tests let pass: `MUTATE=<package> pnpm mutate`. */
import { mutatedLines } from './sample.mjs';

const { MUTATE = '', MUTATE_SHARE = '1', MUTATE_FILES = '' } = process.env;
if (!/^[a-z0-9-]+$/.test(MUTATE)) throw new Error('MUTATE: expected the name of a folder in packages');
if (!(Number(MUTATE_SHARE) > 0)) throw new Error('MUTATE_SHARE: expected a number from 0 to 1');

export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'tools/mutation/vitest.config.ts', related: false },
  mutate: MUTATE_FILES === '' ? mutatedLines(MUTATE, Number(MUTATE_SHARE)) : MUTATE_FILES.split(','),
  ignorePatterns: ['/artifacts', '.nx', 'dist'],
  coverageAnalysis: 'perTest',
  concurrency: 1,
  timeoutMS: 20_000,
  reporters: ['clear-text', 'progress-append-only', 'json'],
  jsonReporter: { fileName: `artifacts/mutation/${MUTATE}.json` },
  tempDirName: 'artifacts/mutation/sandbox',
};
