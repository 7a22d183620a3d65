// SPDX-License-Identifier: Apache-2.0
/**
 * Gives every `packages/*` and `apps/*`, and `tools`, its targets, so that a package is its package.json, README and
 * sources, and each tool is configured once, at the root:
 * - `build`, not for tools: a library's is ESM with types (tsup.config.ts); an app's is a bundle without types, in files that are loaded
 *   when they are used (tools/command). `declarations` of tools makes the types of all libraries
 * - `typecheck` of the project's own files
 * - `unit`: the tests that run no programs, and `test`: all of its tests; where there are none, there is no target
 * - `lint`
 *
 * A result is cached by all that it depends on: the project's files, what it imports, what its files reach elsewhere
 * (outside-inputs.mjs), Node, and for tests that run programs the programs of the machine (machine.mjs).
 */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createNodesFromFiles } from '@nx/devkit';
import { outsideInputsOf } from './outside-inputs.mjs';

/** Stands for `tools` among the files that make a project. */
const TOOLS = 'tools/workspace-plugin/plugin.mjs';

/** What tests are told by the environment. */
const TEST_ENV = ['CI', 'FC_SEED', 'FULL_SWEEP', 'RACE_ROUNDS'].map((env) => ({ env }));
const UNIT_CONFIG = '{workspaceRoot}/tools/testing/unit.config.ts';
const executor = (name) => `./tools/workspace-plugin:${name}`;
const NODE = { runtime: 'node --version' };
const MACHINE = { runtime: 'node tools/workspace-plugin/machine.mjs' };

const asInputs = (paths) =>
  paths.map((path) => `{workspaceRoot}/${path === './' ? '**/*' : path.replace(/\/$/, '/**/*')}`);

/** Describes the project in `root`, a path from the workspace's. `known` is what was read for another. */
function projectOf(root, workspaceRoot, known) {
  const own = ['{projectRoot}/**/*', '!{projectRoot}/dist/**', 'shared'];
  const shipped = [
    ...own,
    '!{projectRoot}/**/*.test.ts',
    ...asInputs(outsideInputsOf(root, workspaceRoot, false, known)),
  ];
  const inputs = [...own, '^shipped', NODE, ...asInputs(outsideInputsOf(root, workspaceRoot, true, known))];
  const tests = testsIn(root, workspaceRoot);
  const units = tests.filter((file) => !file.endsWith('.int.test.ts'));
  return {
    projectType: root.startsWith('apps/') ? 'application' : 'library',
    sourceRoot: root === 'tools' ? root : `${root}/src`,
    namedInputs: { shipped },
    targets: {
      ...(root === 'tools' ? { declarations: DECLARATIONS } : { build: buildOf(root) }),
      typecheck: { executor: executor('typecheck'), cache: true, inputs },
      ...(units.length > 0
        ? { unit: { executor: executor('unit'), cache: true, inputs: [...inputs, ...TEST_ENV, UNIT_CONFIG] } }
        : {}),
      ...(tests.length > 0
        ? { test: { command: `vitest run ${root}/`, cache: true, inputs: [...inputs, ...TEST_ENV, MACHINE] } }
        : {}),
      lint: { command: `biome check ${root}`, cache: true, inputs: [...own, '{workspaceRoot}/biome.json'] },
    },
  };
}

/** The types of all libraries, made together: see tools/declarations. Of the executor of those that wait for them, it is in their batch. */
const DECLARATIONS = {
  executor: executor('build'),
  cache: true,
  inputs: [
    '{workspaceRoot}/packages/*/src/**/*.ts',
    '!{workspaceRoot}/packages/*/src/**/*.test.ts',
    '{workspaceRoot}/packages/*/package.json',
    '{workspaceRoot}/tsconfig.base.json',
    '{workspaceRoot}/pnpm-lock.yaml',
    '{workspaceRoot}/tools/assets/assets.d.ts',
    '{workspaceRoot}/tools/api/report.mjs',
    '{workspaceRoot}/tools/declarations/**/*',
    NODE,
  ],
  outputs: ['{workspaceRoot}/build/declarations'],
};

function buildOf(root) {
  return {
    ...(root.startsWith('packages/') ? { dependsOn: [{ projects: ['tools'], target: 'declarations' }] } : {}),
    executor: executor('build'),
    cache: true,
    inputs: [
      'shipped',
      '^shipped',
      NODE,
      '{workspaceRoot}/tsup.config.ts',
      '{workspaceRoot}/tools/assets/**/*',
      '{workspaceRoot}/tools/builder/**/*',
      '{workspaceRoot}/tools/command/**/*',
      '{workspaceRoot}/tools/declarations/**/*',
      '{workspaceRoot}/tools/api/report.mjs',
      '{workspaceRoot}/tools/notices/**/*',
      '{workspaceRoot}/tools/release/built.mjs',
    ],
    outputs: [
      '{projectRoot}/dist',
      `{workspaceRoot}/build/metafiles/${root}.json`,
      `{workspaceRoot}/build/stamps/${root}.json`,
    ],
  };
}

/** Lists the test files where vitest.config.ts looks for them. */
function testsIn(root, workspaceRoot) {
  return (root === 'tools' ? [''] : ['src', 'test'])
    .map((name) => join(workspaceRoot, root, name))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder, { recursive: true }))
    .filter((file) => file.endsWith('.test.ts'));
}

export const createNodesV2 = [
  `{{packages,apps}/*/package.json,${TOOLS}}`,
  (files, options, context) => {
    const known = new Map();
    const nodesOf = (file) => {
      const root = file === TOOLS ? 'tools' : dirname(file);
      const project = projectOf(root, context.workspaceRoot, known);
      return { projects: { [root]: root === 'tools' ? { name: 'tools', ...project } : project } };
    };
    return createNodesFromFiles(nodesOf, files, options, context);
  },
];
