// SPDX-License-Identifier: Apache-2.0
/**
 * For `pnpm test:unit` and the target `unit`: the tests that run no programs, many files in one process, which takes half
 * the time of a process for each. A file that changes what others see (a module, a method, the folder or the clock of
 * the process) has one of its own, as every file has when the whole suite runs.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig } from 'vitest/config';
import base from '../../vitest.config.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const CHANGES_OTHERS =
  /\bvi\.(mock|doMock|spyOn|stub\w+|useFakeTimers|setSystemTime)\b|\bmock\.|\bprocess\.(chdir|umask|env\.\w+ =|on\()/;

const units = ['packages', 'apps', 'tools']
  .flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  )
  .filter((file) => /(?<!\.int)\.test\.ts$/.test(file) && !/\/(node_modules|dist)\//.test(file));
const apart = units.filter((file) => CHANGES_OTHERS.test(readFileSync(join(ROOT, file), 'utf8')));
const together = units.filter((file) => !apart.includes(file));

export default mergeConfig(
  { ...base, test: { ...base.test, include: [] } },
  defineConfig({
    root: ROOT,
    test: {
      projects: [
        { extends: true, test: { name: 'together', include: together, isolate: false } },
        { extends: true, test: { name: 'apart', include: apart } },
      ],
    },
  }),
);
