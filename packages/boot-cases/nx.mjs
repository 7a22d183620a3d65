// SPDX-License-Identifier: Apache-2.0
/**
 * A plugin for Nx: each case of a `boot-matrix.toml` becomes a target, `case-<name>`, of the project that the file lies
 * in, with its record as a cacheable output; the target `cases` is all of them. Nx then runs them side by side, on
 * its agents, or not at all where a cache has the record.
 *
 * Options, in nx.json:
 * - `command`: how the workspace starts latticra-boot-matrix; default `latticra-boot-matrix`
 * - `dependsOn`: what makes the images, as in a target's dependsOn; default nothing. What they put out is an input
 * - `records`: the folder that takes the records, from the workspace's root; default `build/boot-matrix/records`
 *
 * Plain JavaScript, because Nx reads it before anything is built.
 */
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createNodesFromFiles } from '@nx/devkit';
import { parse } from 'smol-toml';

const SURROUNDINGS = fileURLToPath(new URL('surroundings.mjs', import.meta.url));

/** The names of a matrix's cases, as `matrixCases` makes them. */
export function caseNames(text) {
  const { images, machines } = parse(text);
  return Object.entries(images).flatMap(([image, { attach }]) =>
    attach.flatMap((way) => Object.keys(machines).map((machine) => `${image}_${way}_${machine}`)),
  );
}

function targetsOf(file, options, workspaceRoot) {
  const {
    command = 'latticra-boot-matrix',
    dependsOn = [],
    records = 'build/boot-matrix/records',
  } = options ?? {};
  const inputs = [
    `{workspaceRoot}/${file}`,
    { dependentTasksOutputFiles: '**/*' },
    { runtime: `node ${relative(workspaceRoot, SURROUNDINGS)}` },
  ];
  const cases = caseNames(readFileSync(join(workspaceRoot, file), 'utf8')).map((name) => [
    `case-${name}`,
    {
      command: `${command} run --matrix ${file} --case ${name} --output-dir ${records}`,
      cache: true,
      dependsOn,
      inputs,
      outputs: [`{workspaceRoot}/${records}/${name}`],
    },
  ]);
  return {
    ...Object.fromEntries(cases),
    cases: { executor: 'nx:noop', dependsOn: cases.map(([name]) => name) },
  };
}

export const createNodesV2 = [
  '**/boot-matrix.toml',
  (files, options, context) =>
    createNodesFromFiles(
      (file) => ({
        projects: { [dirname(file)]: { targets: targetsOf(file, options, context.workspaceRoot) } },
      }),
      files,
      options,
      context,
    ),
];
