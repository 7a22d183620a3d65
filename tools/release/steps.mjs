// SPDX-License-Identifier: Apache-2.0
/** What a release does, in order, each step held before the next begins. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What allows to publish: no step before that is given it. */
const RIGHTS = /^(NODE_AUTH_TOKEN|NPM_TOKEN|ACTIONS_ID_TOKEN_REQUEST_\w+|npm_config_.*_auth\w*)$/i;

/**
 * Lists the steps of a release: what each is called, and what does it or throws.
 * @param root the workspace's folder
 * @param options `without`: `tests` and `consumers`, where a rehearsal leaves them out; `env` of the programs
 */
export function releaseSteps(root, { without = [], env }) {
  const harmless = Object.fromEntries(Object.entries(env).filter(([name]) => !RIGHTS.test(name)));
  const run = (program, ...argv) =>
    execFileSync(program, argv, { cwd: root, env: harmless, stdio: 'inherit' });
  const script = join(root, 'tools/bootstrap/pnpm.mjs');
  const pnpm = (...argv) => run(process.execPath, script, ...argv);
  const publish = () =>
    execFileSync(process.execPath, [script, 'exec', 'changeset', 'publish'], {
      cwd: root,
      env,
      stdio: 'inherit',
    });
  const clean = () => refuse(whyNotClean(root));
  return [
    ['the repository has an address', () => refuse(whyNoAddress(root))],
    ['the tree is clean', clean],
    ['every changeset is in a version', () => refuse(whyNotRaised(root))],
    ['what lies beside the lockfile is what it says', () => pnpm('install', '--frozen-lockfile')],
    ['no package is older than what it carries', () => pnpm('release:check')],
    ['everything is built', () => pnpm('build')],
    ['every package is good to publish', () => pnpm('pack-check')],
    ...(without.includes('consumers')
      ? []
      : [['the packages work where they are installed', () => pnpm('consumers', '--supported')]]),
    ...(without.includes('tests') ? [] : [['the whole suite passes', () => run('npm', 'test')]]),
    ['the tree is still clean', clean],
    ['what has a new version is published, and tagged', publish],
  ];
}

/** Returns why a tree may not be released: what is not committed, one line, or undefined. */
export function whyNotClean(root) {
  const status = execFileSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' });
  const [first] = status.split('\n');
  return first === '' ? undefined : `${first.slice(3)}: is not committed: commit it, or take it away`;
}

/** Returns why there is no address to publish under, one line, or undefined. */
export function whyNoAddress(root) {
  const { repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return repository === undefined
    ? 'package.json: does not say where the repository is: run pnpm repository <address>, and commit'
    : undefined;
}

/** Returns why versions are not those of the changes, one line, or undefined. */
export function whyNotRaised(root) {
  const left = readdirSync(join(root, '.changeset')).find(
    (file) => file.endsWith('.md') && file !== 'README.md',
  );
  return left === undefined
    ? undefined
    : `.changeset/${left}: is in no version yet: run pnpm release:version, and commit what it wrote`;
}

function refuse(reason) {
  if (reason !== undefined) throw new Error(reason);
}
