// SPDX-License-Identifier: Apache-2.0
/** A root of eight GiB with a million files, built and taken apart again; and what memory grows with. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeInputs } from '../../packages/linux-release/src/testing/release.js';
import { bundleScript } from '../testing/bundle.js';
import { describeWith } from '../testing/tools.js';
import { type LargeRoot, writeLargeArchive } from './large-archive.js';

const GIB = 2 ** 30;
const SMALL: LargeRoot = { files: 0, mostBytes: 64, largeBytes: 0, longNames: 0, links: 0, xattrBytes: 0 };
/** How many files the root has that shows what memory grows with: each twice the one before. */
const COUNTS = [250_000, 500_000, 1_000_000];
const LARGE: LargeRoot = {
  files: 1_000_000,
  mostBytes: 6000,
  largeBytes: 5 * GIB,
  longNames: 10_000,
  links: 10_000,
  xattrBytes: 65_400,
};

/** What a run took. */
interface Run {
  readonly mib: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly stdout: string;
}

let scratch: string;
const scripts = new Map<string, string>();
beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'latticra-large-'));
  for (const name of ['os-image-build', 'os-image-build-validate']) {
    const entry = new URL(`../../apps/${name}/src/main.ts`, import.meta.url);
    scripts.set(name, await bundleScript(entry, join(scratch, name)));
  }
  writeInputs(scratch);
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Runs a command in a process of its own, and measures it. */
function run(command: string, ...argv: string[]): Run {
  const log = join(scratch, 'time.txt');
  const stdout = execFileSync(
    '/usr/bin/time',
    ['-f', '%M %e %U %S', '-o', log, process.execPath, scripts.get(command) ?? '', ...argv],
    { cwd: scratch, encoding: 'utf8', env: { PATH: '', SOURCE_DATE_EPOCH: '1700000000' } },
  );
  const [kib = 0, seconds = 0, user = 0, system = 0] = readFileSync(log, 'utf8')
    .trim()
    .split(' ')
    .map(Number);
  return { mib: kib / 1024, seconds, cpuSeconds: user + system, stdout };
}

function build(root: LargeRoot, ...more: string[]): Run {
  writeLargeArchive(join(scratch, 'large.tar'), root);
  rmSync(join(scratch, 'out'), { recursive: true, force: true });
  const inputs = ['--kernel', 'vmlinuz', '--initramfs', 'initrd.img', '--rootfs', 'large.tar'];
  return run('os-image-build', ...inputs, '--output-dir', 'out', '--build-id', 'large.1', ...more);
}

const validate = () => run('os-image-build-validate', '--build-record', 'out/os-image-build.txt');
const show = (what: string, { mib, seconds, cpuSeconds }: Run) =>
  process.stdout.write(
    `${what}: ${mib.toFixed(0)} MiB, ${seconds.toFixed(0)} s, ${cpuSeconds.toFixed(0)} s of processors\n`,
  );

describeWith(['/usr/bin/time'], 'a large root', () => {
  it('memory grows by the same for each inode, in the build and in its check', () => {
    const peaks = COUNTS.map((files) => {
      const built = build({ ...SMALL, files }, '--formats', 'iso');
      const checked = validate();
      show(`build of ${files} files`, built);
      show(`check of ${files} files`, checked);
      return { built: built.mib, checked: checked.mib };
    });
    for (const which of ['built', 'checked'] as const) {
      const [few = 0, some = 0, many = 0] = peaks.map((peak) => peak[which]);
      const each = ((many - few) * 2 ** 20) / (1_000_000 - 250_000);
      process.stdout.write(`${which}: ${each.toFixed(0)} bytes for each inode\n`);
      // Twice as many more take twice as much more; tables double, so that it goes in steps.
      expect(many - some).toBeLessThan(2.6 * Math.max(some - few, 20));
      expect(each).toBeLessThan(1000);
    }
  });

  it('eight GiB with a million files, links, long names and attributes are built, and hold', () => {
    const built = build(LARGE);
    show('build', built);
    const [, image] = /^root_image_size_bytes=(\d+)$/m.exec(built.stdout) ?? [];
    process.stdout.write(`root of ${image} bytes, archive of ${statSync(join(scratch, 'large.tar')).size}\n`);
    rmSync(join(scratch, 'large.tar'));
    expect(built.mib).toBeLessThan(1024);
    const checked = validate();
    show('check', checked);
    expect(checked.mib).toBeLessThan(1024);
  });
});
