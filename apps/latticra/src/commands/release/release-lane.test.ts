// SPDX-License-Identifier: Apache-2.0
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyOperatorBundle } from '@latticra/operator-bundle';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { layPromotion } from '../../../../../packages/operator-bundle/test/promotion.js';
import { removeEvidence } from '../../../../../packages/promotion/test/evidence.js';
import { archive } from '../../../../../packages/tar/test/archive.js';
import { BOOT_ISO, PLAIN_ISO, QCOW2_DISK } from '../../../../../tools/testing/images.js';
import { documentValues, tryLane } from '../../../../../tools/testing/lane.js';
import { lane } from './release-lane.js';
import { releaseState } from './state.js';

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'latticra-release-'));
  writeFileSync(join(cwd, 'demo.iso'), BOOT_ISO);
  writeFileSync(join(cwd, 'demo.qcow2'), QCOW2_DISK);
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const IMAGES = ['--iso', 'demo.iso', '--vm-image', 'demo.qcow2'];
const release = (...argv: readonly string[]) =>
  tryLane(lane, ['--release', '12.1', '--output-dir', 'out', ...argv], { cwd });
const read = (name: string) => readFileSync(join(cwd, 'out', name), 'utf8');
/** Returns the steps that a run kept, and those that it did, in the words of its account. */
function stepsOf(stdout: string) {
  const lines = stdout.split('\n').filter((line) => / (\d+\.\d\d s| -) {2}/.test(line));
  const named = (some: readonly string[]) => some.map((line) => line.slice(0, 20).trim());
  const isKept = (line: string) => line.includes('  kept: ');
  return { kept: named(lines.filter(isKept)), done: named(lines.filter((line) => !isKept(line))) };
}
it('a folder whose state was emptied or is another text is not touched, and told by its name with what to do', async () => {
  await release('--iso', 'demo.iso');
  for (const text of ['', 'notes\n', 'LATTICRA SOMETHING\nx=1\n']) {
    writeFileSync(join(cwd, 'out/release.txt'), text);
    const { status, stderr } = await release('--iso', 'demo.iso');
    expect([status, stderr]).toEqual([
      73,
      expect.stringMatching(
        /out: exists, and its release\.txt is not what a release writes; name another --output-dir/,
      ),
    ]);
    expect(read('release.txt')).toBe(text);
  }
});

const ALL = [
  'inspection',
  'SBOM',
  'signatures',
  'artifact manifest',
  'validation',
  'operator bundle',
  'page',
];

it.each([[['--version', '12.1', ...IMAGES]], [[...IMAGES, '--version=12.1']]])(
  'a release that is called by --version is told that --release is meant: %j',
  async (argv) => {
    const { status, stdout, stderr } = await tryLane(lane, argv, { cwd });
    expect([status, stdout]).toEqual([64, '']);
    expect(stderr).toBe('latticra release: --version: takes no value, found "12.1"; write --release 12.1\n');
    expect(readdirSync(cwd).sort()).toEqual(['demo.iso', 'demo.qcow2']);
  },
);

it('two images become a release with a bundle and a page, every step with its report', async () => {
  const { status, stdout, stderr } = await release(...IMAGES);
  expect([status, stderr]).toEqual([0, '']);
  expect(stepsOf(stdout)).toEqual({ kept: [], done: ALL });
  expect(readdirSync(join(cwd, 'out')).sort()).toEqual([
    'artifact-manifest-validation.txt',
    'inspection-iso.txt',
    'inspection-vm-image.txt',
    'manifest.txt',
    'operator-bundle',
    'recovery.md',
    'release.txt',
    'report.html',
    'sbom.spdx.json',
    'signatures',
  ]);
  expect(stdout.trimEnd().split('\n').at(-1)).toBe('To look at    out/report.html');
  const bundle = await verifyOperatorBundle(join(cwd, 'out/operator-bundle'));
  expect(bundle.manifest.artifactVersion).toBe('12.1');
  expect(documentValues(read('artifact-manifest-validation.txt'))).toMatchObject({
    artifact_manifest_ready_for_operator_review: '1',
    bootable_os_ready: '0',
  });
  expect(documentValues(read('signatures/demo.iso.unsigned-local.txt'))).toMatchObject({
    unsigned_local_reason: 'no signing key was named for this release',
  });
  expect(read('sbom.spdx.json')).toMatch(/are not known/);
  expect(releaseState.parse(read('release.txt'))).toMatchObject({ status: 'done', version: '12.1' });
});

it('run again, everything is kept, and not a byte differs', async () => {
  await release(...IMAGES);
  const before = readdirSync(join(cwd, 'out')).map((name) => [name, statOf(name)]);
  const { status, stdout } = await release(...IMAGES);
  expect(status).toBe(0);
  expect(stepsOf(stdout)).toEqual({ kept: ALL, done: [] });
  expect(readdirSync(join(cwd, 'out')).map((name) => [name, statOf(name)])).toEqual(before);
});
const statOf = (name: string) => (name === 'operator-bundle' || name === 'signatures' ? '' : read(name));

it('an image that changed is noticed, and whatever follows from it is done again', async () => {
  await release(...IMAGES);
  writeFileSync(join(cwd, 'demo.iso'), PLAIN_ISO);
  const { status, stdout, stderr } = await release(...IMAGES);
  expect([status, stderr]).toEqual([0, '']);
  expect(stepsOf(stdout)).toEqual({ kept: [], done: ALL });
  expect(stdout).toMatch(/again: iso changed\n/);
  expect(readFileSync(join(cwd, 'out/operator-bundle/demo.iso')).equals(PLAIN_ISO)).toBe(true);
});

it.each([
  ['inspection-iso.txt', 'inspection'],
  ['sbom.spdx.json', 'SBOM'],
  ['signatures/demo.qcow2.unsigned-local.txt', 'signatures'],
  ['manifest.txt', 'artifact manifest'],
  ['artifact-manifest-validation.txt', 'validation'],
  ['operator-bundle/README.txt', 'operator bundle'],
  ['operator-bundle/SHA256SUMS', 'operator bundle'],
  ['operator-bundle/demo.iso', 'operator bundle'],
  ['report.html', 'page'],
])('%s that was edited by hand is made again, and nothing else', async (name, step) => {
  await release(...IMAGES);
  const right = read(name);
  appendFileSync(join(cwd, 'out', name), 'edited');
  const { status, stdout } = await release(...IMAGES);
  expect(status).toBe(0);
  expect(stepsOf(stdout)).toEqual({ kept: ALL.filter((one) => one !== step), done: [step] });
  expect(stdout).toContain(`again: ${name} was changed\n`);
  expect(read(name)).toBe(right);
});

it('a step that fails ends the run with the reason and the command to go on with, and the next run does go on', async () => {
  await release(...IMAGES);
  writeFileSync(join(cwd, 'out/operator-bundle/thesis.tex'), 'years of work');
  const failed = await release(...IMAGES, '--reason', 'a test');
  expect(failed.status).toBe(73);
  expect(failed.stderr).toMatch(/^latticra release: [^\n]*thesis\.tex[^\n]*; move it away[^\n]*\n$/);
  expect(failed.stdout).toMatch(
    /go on with\n {2}latticra release --release 12\.1 --iso demo\.iso --vm-image demo\.qcow2 --reason 'a test' --output-dir out\n$/,
  );
  expect(releaseState.parse(read('release.txt'))).toMatchObject({ status: 'failed', failedStep: 'bundle' });
  expect(read('operator-bundle/thesis.tex')).toBe('years of work');
  rmSync(join(cwd, 'out/operator-bundle/thesis.tex'));
  const { status, stdout } = await release(...IMAGES, '--reason', 'a test');
  expect(status).toBe(0);
  expect(stepsOf(stdout).kept).toEqual(ALL.slice(0, 5));
});

it('a run that ended behind a whole bundle and before it was remembered goes on', async () => {
  await release(...IMAGES);
  const state = releaseState.parse(read('release.txt'));
  const without = state.outputs.filter(({ step }) => step !== 'bundle' && step !== 'page');
  writeFileSync(
    join(cwd, 'out/release.txt'),
    releaseState.format({ ...state, status: 'running', outputs: without }),
  );
  const { status, stdout } = await release(...IMAGES);
  expect(status).toBe(0);
  expect(stepsOf(stdout)).toEqual({ kept: ALL.slice(0, 5), done: ALL.slice(5) });
});

it('what a killed run left half-written is no evidence, and a file that somebody added is', async () => {
  await release(...IMAGES);
  mkdirSync(join(cwd, 'out/.operator-bundle.4194303-0123456789ab.staging'));
  writeFileSync(join(cwd, 'out/.operator-bundle.4194303-0123456789ab.staging/demo.iso'), 'half');
  writeFileSync(join(cwd, 'out/.manifest.txt.4194303-0123456789ab.tmp'), 'half');
  expect(stepsOf((await release(...IMAGES)).stdout)).toEqual({ kept: ALL, done: [] });
  writeFileSync(join(cwd, 'out/notes.txt'), 'LATTICRA NOTES\nseen=1\n');
  expect(stepsOf((await release(...IMAGES)).stdout).done).toEqual(['page']);
  expect(read('report.html')).toContain('notes.txt');
});

it('what a killed run left beside the release is told in one line by every run after it, kept bundle or not, and nobody removes it', async () => {
  const left = join(cwd, '.out.4194303-0123456789ab.staging');
  mkdirSync(left);
  writeFileSync(join(left, '1'), 'half');
  const line = `latticra release: "${left}" is what process 4194303 had half-written when it was killed; remove it with rm -r, unless that process runs in another container or on another machine\n`;
  for (const done of [ALL, []]) {
    const { status, stdout, stderr } = await release(...IMAGES);
    expect([status, stepsOf(stdout).done, stderr]).toEqual([0, done, line]);
  }
  expect(read('../.out.4194303-0123456789ab.staging/1')).toBe('half');
  rmSync(left, { recursive: true });
  expect((await release(...IMAGES)).stderr).toBe('');
});

it('a folder that another run is at is refused before anything is read of it, and taken once that is gone', async () => {
  const theirs = join(cwd, '.out.claim');
  writeFileSync(theirs, `${process.ppid}\n`);
  const out = join(cwd, 'out');
  expect(await release('--iso', 'demo.iso')).toEqual({
    status: 73,
    stdout: '',
    stderr: `latticra release: ${out}: another process, ${process.ppid}, is at work in it; let it finish, or name another folder; if none is, remove ${theirs}\n`,
  });
  expect(existsSync(out)).toBe(false);
  // More than a system counts to.
  writeFileSync(theirs, '999999999\n');
  for (let count = 0; count < 2; count++) expect((await release('--iso', 'demo.iso')).status).toBe(0);
  expect(readdirSync(cwd).sort()).toEqual(['demo.iso', 'demo.qcow2', 'out']);
});

it('a state that nobody can read keeps nothing, and a folder that no release made is not touched', async () => {
  await release(...IMAGES);
  writeFileSync(
    join(cwd, 'out/release.txt'),
    read('release.txt').replace(/^release_status=.*$/m, 'release_status=good'),
  );
  expect(stepsOf((await release(...IMAGES)).stdout)).toEqual({ kept: [], done: ALL });
  rmSync(join(cwd, 'out'), { recursive: true });
  mkdirSync(join(cwd, 'out'));
  writeFileSync(join(cwd, 'out/thesis.tex'), 'years of work');
  const { status, stdout, stderr } = await release(...IMAGES);
  expect([status, stdout]).toEqual([73, '']);
  expect(stderr).toMatch(/no release made it/);
});

it('a state that names files outside of the folder reads none of them', async () => {
  await release(...IMAGES);
  const state = releaseState.parse(read('release.txt'));
  const outside = { step: 'page', sha256: state.inputs[0]?.sha256 ?? '', name: '../demo.iso' };
  writeFileSync(
    join(cwd, 'out/release.txt'),
    releaseState.format({ ...state, outputs: [...state.outputs, outside] }),
  );
  const { stdout } = await release(...IMAGES);
  expect(stepsOf(stdout).done).toEqual(['page']);
  expect(stdout).toContain('again: ../demo.iso is not there\n');
});

it('a root makes the SBOM list its packages, and a runbook of your own goes into the bundle', async () => {
  const status =
    'Package: base\nStatus: install ok installed\nVersion: 1\nArchitecture: amd64\nMaintainer: a <a@b>\n\n';
  writeFileSync(
    join(cwd, 'rootfs.tar'),
    archive(
      { name: 'etc/os-release', content: 'ID=debian\nVERSION_ID="12"\n' },
      { name: 'var/lib/dpkg/status', content: status },
    ),
  );
  writeFileSync(join(cwd, 'mine.md'), 'Turn it off and on again.\n');
  const argv = [...IMAGES, '--rootfs', 'rootfs.tar', '--recovery', 'mine.md'];
  const { status: code, stderr } = await release(...argv);
  expect([code, stderr]).toEqual([0, '']);
  expect(read('sbom.spdx.json')).toContain('pkg:deb/debian/base@1');
  expect(read('operator-bundle/operator-recovery-reference.txt')).toContain('Turn it off and on again.\n');
  writeFileSync(join(cwd, 'mine.md'), 'Turn it off.\n');
  const again = await release(...argv);
  expect(stepsOf(again.stdout).kept).toEqual(['inspection', 'SBOM', 'signatures']);
});

it.each([
  ['no image', [], 64, /expected an image/],
  ['a format without its image', ['--iso', 'demo.iso', '--vm-format', 'raw'], 64, /goes with --vm-image/],
  [
    'one file as both images',
    ['--iso', 'demo.iso', '--vm-image', 'demo.iso'],
    64,
    /is the file that --iso names/,
  ],
  [
    'one file by two names',
    ['--iso', 'demo.iso', '--vm-image', 'link.qcow2'],
    64,
    /is the file that --iso names/,
  ],
  ['two images of one name', ['--iso', 'demo.iso', '--vm-image', 'b/demo.iso'], 64, /have this name/],
  [
    'a disk in the place of the ISO',
    ['--iso', 'demo.qcow2'],
    65,
    /demo\.qcow2: found .*, expected an ISO 9660/,
  ],
  ['an ISO in the place of a disk', ['--vm-image', 'demo.iso'], 65, /demo\.iso: found/],
  ['a format that it has not', ['--vm-image', 'demo.qcow2', '--vm-format', 'raw'], 65, /expected a raw disk/],
  ['an image that is not there', ['--iso', 'no.iso'], 66, /no\.iso/],
  ['an input in the folder', ['--iso', 'out/demo.iso'], 73, /lies in the folder of the release/],
  ['an input in the folder by a link', ['--iso', 'way/demo.iso'], 73, /lies in the folder of the release/],
  ['a key and a reason', [...IMAGES, '--sign-key', 'demo.iso', '--reason', 'x'], 64, /--reason/],
])('%s is refused before anything is written', async (_, argv, code, reason) => {
  mkdirSync(join(cwd, 'b'));
  copyFileSync(join(cwd, 'demo.qcow2'), join(cwd, 'b/demo.iso'));
  linkSync(join(cwd, 'demo.iso'), join(cwd, 'link.qcow2'));
  mkdirSync(join(cwd, 'out'));
  symlinkSync('out', join(cwd, 'way'));
  const isInside = argv.includes('out/demo.iso') || argv.includes('way/demo.iso');
  if (isInside) writeFileSync(join(cwd, 'out/demo.iso'), BOOT_ISO);
  const { status, stdout, stderr } = await release(...argv);
  expect([status, stdout]).toEqual([code, '']);
  expect(stderr).toMatch(reason);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(existsSync(join(cwd, 'out/release.txt'))).toBe(false);
});

it.each(['../up', 'a/b', '.hidden', ''])(
  'the label %j, which is no name of a folder, is refused',
  async (label) => {
    const { status } = await tryLane(lane, [`--release=${label}`, ...IMAGES], { cwd });
    expect(status).toBe(64);
    expect(readdirSync(cwd).sort()).toEqual(['demo.iso', 'demo.qcow2']);
  },
);

it('what a release is promoted by goes into its bundle, and a byte that changed there stages it again', async () => {
  await layPromotion(cwd);
  removeEvidence();
  const images = ['--iso', 'promotion/evidence/one/latticra-x86_64.iso'];
  const disk = ['--vm-image', 'promotion/evidence/one/latticra-x86_64.qcow2'];
  const argv = [
    ...images,
    ...disk,
    '--source-tag',
    'v1.0',
    '--release',
    '1.0',
    '--promotion-dir',
    'promotion',
  ];
  const first = await tryLane(lane, ['--output-dir', 'out', ...argv], { cwd });
  expect([first.status, first.stderr]).toEqual([0, '']);
  const { promotion } = await verifyOperatorBundle(join(cwd, 'out/operator-bundle'), { env: { PATH: '' } });
  expect(promotion).toMatchObject({ held: 20, total: 20 });
  expect(read('operator-bundle/report.html')).toContain('20 of 20 fields hold');
  const kept = await tryLane(lane, ['--output-dir', 'out', ...argv], { cwd });
  expect(stepsOf(kept.stdout).kept).toEqual(ALL);
  appendFileSync(join(cwd, 'promotion/evaluation.txt'), 'x=1\n');
  const edited = await tryLane(lane, ['--output-dir', 'out', ...argv], { cwd });
  expect([edited.status, edited.stderr]).toEqual([65, expect.stringContaining('promotion/evaluation.txt')]);
});
