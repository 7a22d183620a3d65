// SPDX-License-Identifier: Apache-2.0
/** The quick starts, each followed as it is written in an empty folder, and what the README shows. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { layPackages } from '../testing/lay-packages.js';
import { itWith } from '../testing/tools.js';
import { blocksOf, ROOT } from './blocks.js';
import { follow, isAsShown, type Step, stepsOf } from './follow.js';
import { installCommands } from './install-commands.js';

const TIME_LIMIT_MS = 300_000;

let scratch: string;
let scripts: ReadonlyMap<string, string>;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'latticra-quick-start-'));
  ({ scripts, env } = await installCommands(scratch));
}, 120_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const emptyFolder = (name: string) => {
  const folder = join(scratch, name);
  mkdirSync(folder);
  return folder;
};

it(
  'the README shows what npm start prints on a machine without QEMU',
  () => {
    const [shown] = stepsOf(blocksOf('README.md').filter(({ text }) => text.startsWith('$ npm start')));
    // The set-up before it tells what it installs; then npm start is this, with nothing else on PATH.
    const argv = [scripts.get('latticra') ?? '', 'rehearse'];
    const { status, stdout } = spawnSync(process.execPath, argv, {
      cwd: emptyFolder('newcomer'),
      env: { PATH: '' },
      encoding: 'utf8',
    });
    expect(status).toBe(0);
    const page = shown?.kind === 'command' ? (shown.shown ?? '') : '';
    expect(isAsShown(page, stdout) || stdout, page).toBe(true);
  },
  TIME_LIMIT_MS,
);

it('the picture of the page in the README is a small PNG', () => {
  const picture = readFileSync(join(ROOT, 'docs/rehearsal.png'));
  expect(picture.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  expect([picture.readUInt32BE(16), picture.readUInt32BE(20)]).toEqual([1200, 940]);
  expect(picture.length).toBeLessThan(150_000);
  expect(readFileSync(join(ROOT, 'README.md'), 'utf8')).toContain('](docs/rehearsal.png)');
});

/** Follows a page to its end, and compares what it shows. */
function expectFollowed(page: string, steps: readonly Step[], cwd: string): void {
  const { status, followed } = follow(steps, cwd, env);
  for (const { step, said } of followed) {
    const { line, command, shown } = step;
    const isSame = shown === undefined || isAsShown(shown, said);
    expect(isSame || said, `${page}:${line}: ${command}, where the page shows\n${shown}`).toBe(true);
  }
  const commands = steps.filter(({ kind }) => kind === 'command');
  expect([status, followed.length], followed.at(-1)?.said).toEqual([0, commands.length]);
}

itWith(
  ['qemu-system-x86_64', 'sha256sum', 'sed', 'grep'],
  'the quick start of an operator leads from a bundle to a boot, a report and a release of images of one’s own',
  () => {
    const cwd = emptyFolder('operator');
    const rehearsal = emptyFolder('rehearsal');
    // The bundle of a rehearsal stands for the one that somebody was handed.
    const made = follow(
      [{ kind: 'command', line: 0, command: 'latticra rehearse --emulator v86 --output-dir out --quiet' }],
      rehearsal,
      env,
    );
    expect([made.status, made.followed[0]?.said]).toEqual([0, '']);
    renameSync(join(rehearsal, 'out/operator-bundle'), join(cwd, 'operator-bundle'));
    const page = 'docs/quick-start-operator.md';
    expectFollowed(page, stepsOf(blocksOf(page)), cwd);
  },
  TIME_LIMIT_MS,
);

itWith(
  ['head'],
  'the quick start of a program inspects, reads and validates with the packages as they are published',
  async () => {
    const cwd = emptyFolder('program');
    await layPackages(join(cwd, 'node_modules'), ['disk-image', 'failure', 'manifest']);
    const page = 'docs/quick-start-program.md';
    const steps = stepsOf(blocksOf(page));
    expect(steps.filter(({ kind }) => kind === 'file')).toHaveLength(3);
    expectFollowed(page, steps, cwd);
  },
  TIME_LIMIT_MS,
);

itWith(
  ['git', 'cat'],
  'the quick start of a maintainer leads from a clone to a test, a changeset and a commit',
  () => {
    const cwd = join(emptyFolder('maintainer'), 'latticra');
    layClone(cwd);
    const page = 'docs/quick-start-maintainer.md';
    // What pnpm exec does in the root of a workspace.
    const pnpm = `#!/bin/sh\n[ "$1" = exec ] || exit 64\nshift\nexec "./node_modules/.bin/$@"\n`;
    writeFileSync(join(scratch, 'bin/pnpm'), pnpm, { mode: 0o755 });
    expectFollowed(page, stepsOf(blocksOf(page)), cwd);
  },
  TIME_LIMIT_MS,
);

/** Clones the repository as it is now, with what was changed since, and with what is installed here. */
function layClone(cwd: string): void {
  const git = (folder: string, ...argv: string[]) =>
    execFileSync('git', argv, {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
  git(ROOT, 'clone', '--quiet', '--depth', '1', `file://${ROOT}`, cwd);
  const patch = git(ROOT, 'diff', 'HEAD', '--binary');
  if (patch !== '') execFileSync('git', ['apply', '-'], { cwd, input: patch });
  git(cwd, 'config', 'user.name', 'A Maintainer');
  git(cwd, 'config', 'user.email', 'maintainer@example.org');
  if (git(cwd, 'branch', '--list', 'main') === '') git(cwd, 'branch', 'main');
  for (const folder of ['', ...git(cwd, 'ls-files', '*/package.json').split('\n').map(dirname)]) {
    if (existsSync(join(ROOT, folder, 'node_modules')) && !existsSync(join(cwd, folder, 'node_modules')))
      symlinkSync(join(ROOT, folder, 'node_modules'), join(cwd, folder, 'node_modules'));
  }
  // A link is none of the folders that the repository leaves out.
  appendFileSync(join(cwd, '.git/info/exclude'), 'node_modules\n');
}
