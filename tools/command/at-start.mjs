// SPDX-License-Identifier: Apache-2.0
/**
 * Lists the sources of which something runs when a command starts: `node tools/command/at-start.mjs` says, after a build, what of that the
 * list in at-start-list.ts has not, and what it has for nothing; with `--write` it writes the list, and what of it each
 * app does not run. Units that had nothing in the list are in it with all that they are after that; the build after the next one
 * knows better.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startCommands } from '../bench/commands.mjs';
import { readArguments } from '../script/script.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const { values } = readArguments(import.meta.url, { write: { type: 'boolean', default: false } });
const LIST = join(ROOT, 'tools/command/at-start-list.ts');

const { bin } = JSON.parse(readFileSync(join(ROOT, 'apps/latticra/package.json'), 'utf8'));
const commands = [
  ...startCommands(process.versions.node).map(({ words }) => words),
  ...Object.keys(bin)
    .filter((name) => name !== 'latticra')
    .map((name) => ['latticra', name, '--version']),
];

const ran = commands.map(([app, ...argv]) => ({ app, sources: sourcesOf(app, argv) }));
const found = new Set(ran.flatMap(({ sources }) => sources));
const measured = [...new Set(ran.map(({ app }) => app))].filter((app) => app !== 'latticra').sort();
const idleOf = (app) => {
  const own = new Set(ran.filter((each) => each.app === app).flatMap(({ sources }) => sources));
  return bundled(app).filter((path) => found.has(path) && !own.has(path));
};
const idleIn = measured
  .map((app) => ({ app, sources: idleOf(app) }))
  .filter(({ sources }) => sources.length > 0);
const listed = new Set([...readFileSync(LIST, 'utf8').matchAll(/^ {2}'(.*)',$/gm)].map(([, path]) => path));
const sorted = [...found].sort();
if (values.write) {
  writeFileSync(
    LIST,
    `// SPDX-License-Identifier: Apache-2.0
/** The sources of which something runs when a command starts. tools/command/at-start.mjs writes it. */
export const AT_START: readonly string[] = [
${sorted.map((path) => `  '${path}',\n`).join('')}];

/** By app, those of them in its bundle of which nothing runs when its own command starts. */
export const IDLE_AT_START: Readonly<Record<string, readonly string[]>> = {
${idleIn.map(({ app, sources }) => `  '${app}': [\n${sources.map((path) => `    '${path}',\n`).join('')}  ],\n`).join('')}};
`,
  );
}
const missing = sorted
  .filter((path) => !listed.has(path))
  .map((path) => `runs, and is not listed: ${path}\n`);
const idle = [...listed]
  .filter((path) => !found.has(path))
  .map((path) => `is listed, and does not run: ${path}\n`);
process.stdout.write([...missing, ...idle].join(''));

/** Runs a command, and lists the sources of the pieces that ran. Throws where it fails. */
function sourcesOf(app, argv) {
  const folder = mkdtempSync(join(tmpdir(), 'latticra-at-start-'));
  try {
    const script = join(ROOT, 'apps', app, 'dist/main.cjs');
    const { status, stderr } = spawnSync(process.execPath, [script, ...argv], {
      cwd: folder,
      env: { ...process.env, NODE_V8_COVERAGE: join(folder, 'coverage') },
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`${app} ${argv.join(' ')} ended with ${status}: ${stderr}`);
    const [report = ''] = readdirSync(join(folder, 'coverage'));
    const { result } = JSON.parse(readFileSync(join(folder, 'coverage', report), 'utf8'));
    return result
      .filter(({ url }) => url.startsWith('file:') && url.endsWith('.cjs'))
      .flatMap(({ url, functions }) => sourcesIn(fileURLToPath(url), functions));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Lists the sources that there is code of in the bundle of an app, sorted. */
function bundled(app) {
  const dist = join(ROOT, 'apps', app, 'dist');
  const sources = readdirSync(dist)
    .filter((name) => name.endsWith('.cjs.map'))
    .flatMap((name) => JSON.parse(readFileSync(join(dist, name), 'utf8')).sources)
    .map((source) => /.*\/((?:node_modules|packages)\/.*)$/.exec(resolve(dist, source))?.[1]);
  return [...new Set(sources.filter((source) => source !== undefined))].sort();
}

/** Lists the sources of the pieces of a file of which the function ran. */
function sourcesIn(file, functions) {
  const lines = readFileSync(file, 'utf8').split('\n');
  const ran = new Set(
    functions.filter(({ ranges: [range] }) => range.count > 0).map(({ functionName }) => functionName),
  );
  const map = new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')));
  const sources = new Set();
  let isRunning = false;
  for (const [at, line] of lines.entries()) {
    const [, name] = /^function (\$p\d+)\(\)\{$/.exec(line) ?? [];
    if (name !== undefined) isRunning = ran.has(name);
    else if (isRunning)
      for (let column = 0; column < line.length; column += 20) {
        const { originalSource } = map.findEntry(at, column);
        const path = resolve(file, '..', originalSource ?? '');
        const [, source] = /.*\/((?:node_modules|packages)\/.*)$/.exec(path) ?? [];
        if (source !== undefined) sources.add(source);
      }
  }
  return [...sources];
}
