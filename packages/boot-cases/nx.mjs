// SPDX-License-Identifier: Apache-2.0
/**
 * A plugin for Nx: each case of a `boot-matrix.toml` becomes a target, `case-<name>`, of the project that the file lies
 * in, with its record as a cacheable output; the target `cases` is all of them. Nx then runs them side by side, on
 * its agents, or not at all where a cache has the record.
 *
 * Options, in nx.json:
 * - `command`: how the workspace starts latticra-boot-matrix, for a shell; default `latticra-boot-matrix`
 * - `dependsOn`: what makes the images, as in a target's dependsOn; default nothing. What they put out is an input
 * - `records`: the folder that takes the records, from the workspace's root; default `build/boot-matrix/records`. Those
 *   of a project go to `<records>/<its folder>`: cases of two projects may have the same name
 *
 * Plain JavaScript, because Nx reads it before anything is built.
 */
import { readFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createNodesFromFiles } from '@nx/devkit';
import { parse } from 'smol-toml';

const OUTSIDE_INPUTS = fileURLToPath(new URL('outside-inputs.mjs', import.meta.url));

/** The form of a name that a folder and a target can have; a matrix may give no other. */
const CASE_NAME = /^[a-z0-9][a-z0-9.-]*_[a-z]+_[a-z0-9][a-z0-9.-]*$/;

/**
 * Returns the names of a matrix's cases, as `matrixCases` makes them. Checks what would keep a case from being run at
 * all; latticra-boot-matrix, which reads the file again, checks the rest.
 */
export function caseNames(text) {
  const { images, machines } = parse(text);
  const names = tableOf('images', images).flatMap(([image, table]) => {
    const { attach } = table;
    if (!Array.isArray(attach) || attach.length === 0) {
      throw new Error(`images.${image}.attach: expected a list of at least one way`);
    }
    return attach.flatMap((way) =>
      tableOf('machines', machines).map(([machine]) => `${image}_${way}_${machine}`),
    );
  });
  const bad = names.find((name) => !CASE_NAME.test(name));
  if (bad !== undefined)
    throw new Error(`expected names as docs/scale.md has them, found ${JSON.stringify(bad)}`);
  return names;
}

function tableOf(key, value) {
  const entries = Object.entries(value ?? {});
  if (entries.length > 0) return entries;
  throw new Error(`${key}: expected a table that is not empty, as docs/scale.md has it`);
}

function targetsOf(file, options, workspaceRoot) {
  const {
    command = 'latticra-boot-matrix',
    dependsOn = [],
    records = 'build/boot-matrix/records',
  } = options ?? {};
  const folder = posix.join(records, posix.dirname(file));
  const inputs = [
    `{workspaceRoot}/${file}`,
    { dependentTasksOutputFiles: '**/*' },
    { runtime: `node ${shellWord(relative(workspaceRoot, OUTSIDE_INPUTS))}` },
  ];
  const cases = caseNames(readFileSync(join(workspaceRoot, file), 'utf8')).map((name) => [
    `case-${name}`,
    {
      command: `${command} run --matrix ${shellWord(file)} --case ${name} --output-dir ${shellWord(folder)}`,
      cache: true,
      dependsOn,
      inputs,
      outputs: [`{workspaceRoot}/${folder}/${name}`],
    },
  ]);
  return {
    ...Object.fromEntries(cases),
    cases: { executor: 'nx:noop', dependsOn: cases.map(([name]) => name) },
  };
}

/** Writes a path as one word for sh, by which Nx runs commands. */
function shellWord(path) {
  return /^[\w./@+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
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
