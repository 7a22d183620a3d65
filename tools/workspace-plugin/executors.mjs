// SPDX-License-Identifier: Apache-2.0
/**
 * Executors for Nx that do many projects in one process, or in a few, and tell it of each whether it held: a hundred starts of tsc,
 * vitest and tsup would take far longer than the work.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { doJobs } from '../builder/jobs.mjs';

/** Type-checks the projects of a batch; each gets what was found in its own files. */
export const typecheck = batch(async (roots, root) => {
  const { code, stdout, output } = await node(root, ['tools/typecheck.mjs', '--json', ...roots]);
  if (code !== 0) return { output, hasHeld: () => false };
  const found = JSON.parse(stdout);
  return { output: Object.values(found).join(''), hasHeld: (project) => found[project] === '' };
});

/** Runs the unit tests of a batch of projects. One has passed when tests of it ran, all passed, and nothing else failed. */
export const unit = batch(async (roots, root) => {
  const folder = mkdtempSync(join(tmpdir(), 'latticra-unit-'));
  const report = join(folder, 'report.json');
  try {
    const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config=tools/testing/unit.config.ts'];
    const reporters = ['default', './tools/workspace-plugin/unit-reporter.ts'].map(
      (name) => `--reporter=${name}`,
    );
    const projects = roots.map((project) => `${project}/`);
    const { output } = await node(root, [...vitest, ...reporters, ...projects], { UNIT_REPORT: report });
    const { passed, isSound } = existsSync(report)
      ? JSON.parse(readFileSync(report, 'utf8'))
      : { passed: {} };
    const resultsOf = (project) =>
      Object.keys(passed)
        .filter((file) => file.startsWith(`${project}/`))
        .map((file) => passed[file]);
    const hasHeld = (project) =>
      isSound === true && resultsOf(project).length > 0 && resultsOf(project).every(Boolean);
    return { output, hasHeld };
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** More processes than these would load tsup and the sources longer than they would build. */
const MOST_BUILDERS = 8;

/** esbuild collects garbage when it needs five times what it held: it makes much and keeps little, and to look for garbage took it a third of the time. */
const BUILDER_ENV = { GOGC: '400' };

/** Builds the projects of a batch, those that depend on the most first, and makes the declarations that libraries take a copy of. */
export async function* build(graph, inputs, _overrides, context) {
  const { root, projectGraph, projectsConfigurations } = context;
  const jobs = Object.keys(inputs).map((task) => {
    const [project, target] = task.split(':', 2);
    const after = graph.dependencies?.[task] ?? [];
    return target === 'declarations'
      ? { name: task, after, script: ['tools/declarations/main.mjs'], weight: Number.POSITIVE_INFINITY }
      : {
          name: task,
          after,
          message: projectsConfigurations.projects[project].root,
          weight: projectGraph.dependencies[project].length,
        };
  });
  const ends = doJobs(
    jobs.sort((a, b) => b.weight - a.weight),
    {
      cwd: root,
      env: BUILDER_ENV,
      worker: join(root, 'tools/builder/worker.mjs'),
      size: Math.min(availableParallelism(), MOST_BUILDERS),
    },
  );
  for await (const { name, status, output, ...times } of ends)
    yield { task: name, result: { success: status === 'success', status, terminalOutput: output, ...times } };
}

/** Builds one project. */
export async function buildOne(_options, context) {
  const task = `${context.projectName}:${context.targetName}`;
  for await (const { result } of build({}, { [task]: {} }, {}, context)) {
    process.stdout.write(result.terminalOutput);
    return result;
  }
}

export const typecheckOne = one(typecheck);
export const unitOne = one(unit);

/**
 * Makes of a check of many projects the function that Nx calls for a batch of tasks: it prints the output when
 * not all projects passed.
 */
function batch(check) {
  return async (_graph, inputs, _overrides, context) => {
    const rootOf = (task) => context.projectsConfigurations.projects[task.split(':', 1)[0]].root;
    const tasks = Object.keys(inputs);
    const { output, hasHeld } = await check(tasks.map(rootOf), context.root);
    const results = tasks.map((task) => [task, { success: hasHeld(rootOf(task)), terminalOutput: '' }]);
    if (results.some(([, { success }]) => !success)) process.stdout.write(output);
    return Object.fromEntries(results);
  };
}

/** Makes of a batch the function that Nx calls for one task. */
function one(many) {
  return async (_options, context) => {
    const results = await many({}, { [context.projectName]: {} }, {}, context);
    return results[context.projectName];
  };
}

/** Runs a script of the workspace to its end. */
function node(cwd, args, env = {}) {
  return new Promise((resolve) => {
    const stdio = ['ignore', 'pipe', 'pipe'];
    const child = spawn(process.execPath, args, { cwd, stdio, env: { ...process.env, ...env } });
    let [stdout, output] = ['', ''];
    child.stdout.on('data', (text) => {
      stdout += text;
      output += text;
    });
    child.stderr.on('data', (text) => {
      output += text;
    });
    child.on('error', (error) => resolve({ code: null, stdout, output: `${output}${error.message}\n` }));
    child.on('close', (code) => resolve({ code, stdout, output }));
  });
}
