// SPDX-License-Identifier: Apache-2.0
/**
 * Gives every `packages/*` and `apps/*` its build, test, typecheck and lint targets, so that a package
 * is its package.json, README and sources, and each tool is configured once, at the root.
 *
 * A library's build is ESM with types; an app's is one bundled file without types (see tsup.config.ts). Apps whose tests
 * are a table's rows in tools/lanes have no test target: vitest calls a folder without tests a failure.
 */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createNodesFromFiles } from '@nx/devkit';

/** The targets of the project in `root`; tsup.config.ts tells libraries from apps. */
function targetsOf(root, workspaceRoot) {
  const run = (command, more) => ({ command, options: { cwd: root }, ...more });
  const build = run('tsup --config ../../tsup.config.ts', {
    cache: true,
    inputs: ['shipped', '^shipped', '{workspaceRoot}/tsup.config.ts'],
    outputs: ['{projectRoot}/dist'],
  });
  const test = {
    command: `vitest run ${root}/`,
    cache: true,
    inputs: ['sources', '^shipped', '{workspaceRoot}/vitest.config.ts'],
  };
  const lint = {
    command: `biome check ${root}`,
    cache: true,
    inputs: ['sources', '{workspaceRoot}/biome.json'],
  };
  const typecheck = { command: 'tsc -p tsconfig.base.json', cache: true, inputs: ['sources', '^shipped'] };
  return { build, ...(hasTests(join(workspaceRoot, root)) ? { test } : {}), lint, typecheck };
}

/** Whether there is anything where vitest.config.ts looks for tests. */
function hasTests(folder) {
  return ['src', 'test']
    .map((name) => join(folder, name))
    .filter((place) => existsSync(place))
    .some((place) => readdirSync(place, { recursive: true }).some((file) => file.endsWith('.test.ts')));
}

export const createNodesV2 = [
  '{packages,apps}/*/package.json',
  (files, options, context) =>
    createNodesFromFiles(
      (file) => {
        const root = dirname(file);
        const kind = root.split('/')[0];
        return {
          projects: {
            [root]: {
              projectType: kind === 'apps' ? 'application' : 'library',
              sourceRoot: `${root}/src`,
              targets: targetsOf(root, context.workspaceRoot),
            },
          },
        };
      },
      files,
      options,
      context,
    ),
];
