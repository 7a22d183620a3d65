// SPDX-License-Identifier: Apache-2.0
/**
 * Executors for Nx that do many projects in one process, and tell it of each whether it held: a hundred starts of tsc
 * and vitest would take far longer than the work.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

/** Type-checks the projects of a batch; each gets what was found in its own files. */
export const typecheck = batch((roots, root) =>
  node(root, ['tools/typecheck.mjs', '--json', ...roots]).then(({ stdout, output, code }) => {
    if (code !== 0) return { output, failed: () => true };
    const found = JSON.parse(stdout);
    return {
      output: Object.values(found).join(''),
      failed: (project) => found[project] !== '',
      of: (project) => found[project],
    };
  }),
);

/** Runs the unit tests of a batch of projects. */
export const unit = batch(async (roots, root) => {
  const folder = mkdtempSync(join(tmpdir(), 'latticra-unit-'));
  const report = join(folder, 'report.json');
  try {
    const { output, code } = await node(root, [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--exclude=**/*.int.test.ts',
      ...['default', 'json'].map((name) => `--reporter=${name}`),
      `--outputFile.json=${report}`,
      ...roots.map((project) => `${project}/`),
    ]);
    const bad = code === 0 ? [] : failedFiles(report, root);
    // Something failed that is no test of anybody's: nobody can be said to have passed.
    return {
      output,
      failed: (project) =>
        code !== 0 && (bad.length === 0 || bad.some((file) => file.startsWith(`${project}/`))),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
});

export const typecheckOne = one(typecheck);
export const unitOne = one(unit);

/** Makes of a check of many projects what Nx calls for a batch of tasks. */
function batch(check) {
  return async (_graph, inputs, _overrides, context) => {
    const rootOf = (task) => context.projectsConfigurations.projects[task.split(':', 1)[0]].root;
    const tasks = Object.keys(inputs);
    const { output, failed, of = () => output } = await check(tasks.map(rootOf), context.root);
    return Object.fromEntries(
      tasks.map((task) => {
        const success = !failed(rootOf(task));
        return [task, { success, terminalOutput: success ? '' : of(rootOf(task)) }];
      }),
    );
  };
}

/** Makes of a batch what Nx calls for one task. */
function one(many) {
  return async (_options, context) => {
    const task = context.projectName;
    const { [task]: result } = await many({}, { [task]: {} }, {}, context);
    process.stdout.write(result.terminalOutput);
    return { success: result.success };
  };
}

/** The test files that failed, from vitest's own report; none when there is no report. */
function failedFiles(report, root) {
  try {
    return JSON.parse(readFileSync(report, 'utf8'))
      .testResults.filter(({ status }) => status !== 'passed')
      .map(({ name }) => relative(root, name));
  } catch {
    return [];
  }
}

/** Runs a script of the workspace to its end. */
function node(cwd, args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, output] = ['', ''];
    child.stdout.on('data', (text) => {
      stdout += text;
      output += text;
    });
    child.stderr.on('data', (text) => {
      output += text;
    });
    child.on('error', (error) => resolve({ stdout, output: `${output}${error.message}\n`, code: null }));
    child.on('close', (code) => resolve({ stdout, output, code }));
  });
}
