// SPDX-License-Identifier: Apache-2.0
/**
 * What a command loads until it answers decides how soon it does: a file, a kilobyte of script or a module of Node more costs the
 * same on every machine, where seconds would not be. docs/benchmarks.md has the seconds. Where one reads more than it did, a source may
 * run at start that tools/command/at-start-list.ts does not have: tools/command/at-start.mjs finds it.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundleApps } from '../testing/bundle-apps.js';
import { layApp } from '../testing/lay-app.js';

const HOOK = fileURLToPath(new URL('../testing/start-hook.cjs', import.meta.url));
const USB = ['--iso', 'missing.iso', '--device', '/dev/sdX', '--platform', 'linux'];
const VM = ['--image', 'missing.qcow2', '--format', 'qcow2'];

/** What a command may read: bytes of script, out of so many files. To open one takes Node as long as to read 13 KB more. */
interface Limit {
  readonly bytes: number;
  readonly files: number;
}

/** Lanes that change nothing, with what they are called with, and what each may read by its own command and by `latticra`. */
const QUIET: readonly [string, readonly string[], Limit, Limit][] = [
  ['os-image-release-preflight', [], { bytes: 24_000, files: 1 }, { bytes: 66_000, files: 3 }],
  ['os-image-artifact-manifest-template', [], { bytes: 28_000, files: 1 }, { bytes: 66_000, files: 3 }],
  ['os-image-artifact-manifest-validate', [], { bytes: 30_000, files: 1 }, { bytes: 67_000, files: 3 }],
  [
    'seabios-grub-boot-preview-evidence-validate',
    [],
    { bytes: 27_000, files: 1 },
    { bytes: 66_000, files: 3 },
  ],
  ['os-image-usb-write-command', USB, { bytes: 33_000, files: 1 }, { bytes: 74_000, files: 4 }],
  ['os-image-vm-test-command', VM, { bytes: 27_000, files: 1 }, { bytes: 67_000, files: 3 }],
  ['seabios-grub-boot-preview-preflight', [], { bytes: 32_000, files: 1 }, { bytes: 78_000, files: 4 }],
  ['seal-policy-decision-report', [], { bytes: 17_000, files: 1 }, { bytes: 56_000, files: 2 }],
  ['boot-seed-qemu-smoke', ['--help'], { bytes: 23_000, files: 1 }, { bytes: 67_000, files: 3 }],
];

/** Modules of Node that take long to load; what they consist of, in any version, is named like them. */
const HEAVY =
  /^(internal\/)?(assert|async_hooks|child_process|cluster|crypto|dgram|dns|fs\/promises|http|https|inspector|net|os|perf_hooks|perf|readline|stream|streams|test|tls|tty|v8|vm|wasi|worker|worker_threads|zlib)(\/|$)/;

let folder: string;
let scripts: ReadonlyMap<string, string>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-start-'));
  scripts = await bundleApps(join(folder, 'apps'));
  for (const [app] of QUIET) await layApp(app, join(folder, 'lanes', app));
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Loaded {
  readonly builtins: readonly string[];
  readonly scripts: readonly [string, number][];
}

/** Runs a command, and returns what it had loaded when it ended well. */
function start(script: string, argv: readonly string[]) {
  const result = spawnSync(process.execPath, ['--require', HOOK, script, ...argv], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect([argv, result.status, result.stderr.split('\n').length]).toEqual([argv, 0, 3]);
  const loaded: Loaded = JSON.parse(result.stderr);
  return {
    heavy: loaded.builtins.filter((name) => HEAVY.test(name)),
    bytes: loaded.scripts.reduce((sum, [, size]) => sum + size, 0),
    files: loaded.scripts.map(([name]) => name),
    stdout: result.stdout,
  };
}

const command = () => scripts.get('latticra') ?? '';

it.each(QUIET)(
  '%s loads no heavy module of Node, and little script out of few files, until it answers',
  (app, argv, limit) => {
    const { heavy, bytes, files, stdout } = start(join(folder, 'lanes', app, 'main.cjs'), argv);
    expect(stdout.length).toBeGreaterThan(500);
    expect(heavy).toEqual([]);
    expect(bytes).toBeLessThan(limit.bytes);
    expect(files.length, files.join()).toBeLessThanOrEqual(limit.files);
  },
);

it.each(QUIET)(
  '%s of latticra loads no heavy module of Node, and what it needs itself',
  (app, argv, _, limit) => {
    const { heavy, bytes, files, stdout } = start(command(), [app, ...argv]);
    expect(stdout.length).toBeGreaterThan(500);
    expect(heavy).toEqual([]);
    expect(bytes).toBeLessThan(limit.bytes);
    expect(files.length, files.join()).toBeLessThanOrEqual(limit.files);
  },
);

it('a command whose answer goes to the null device reads no more script than another', () => {
  const script = join(folder, 'lanes/seal-policy-decision-report/main.cjs');
  const { status, stderr } = spawnSync(
    'sh',
    ['-c', '"$@" > /dev/null', 'sh', process.execPath, '--require', HOOK, script],
    { cwd: folder, encoding: 'utf8' },
  );
  const loaded: Loaded = JSON.parse(stderr);
  expect([status, loaded.scripts.map(([name]) => name)]).toEqual([0, ['main.cjs']]);
});

it('a bare latticra, its help and its version load one file, and no lane', () => {
  for (const argv of [[], ['--help'], ['version']]) {
    const { heavy, bytes, files } = start(command(), argv);
    expect([argv, heavy]).toEqual([argv, []]);
    expect(files).toEqual(['main.cjs']);
    expect(bytes).toBeLessThan(54_000);
  }
});

it('the help of any lane of latticra reads neither the emulator nor what the lane would do', () => {
  const { bin }: { bin: Record<string, string> } = JSON.parse(
    readFileSync(new URL('../../apps/latticra/package.json', import.meta.url), 'utf8'),
  );
  const lanes = Object.keys(bin).filter((name) => name !== 'latticra');
  expect(lanes.length).toBeGreaterThan(40);
  for (const lane of lanes) {
    const { heavy, bytes, files } = start(command(), [lane, '--help']);
    expect([lane, heavy]).toEqual([lane, []]);
    expect(bytes, lane).toBeLessThan(105_000);
    expect(files.length, `${lane}: ${files.join()}`).toBeLessThanOrEqual(5);
  }
}, 120_000);

it('the hook of this test sees a heavy module that a script loads', () => {
  const { stderr } = spawnSync(process.execPath, ['--require', HOOK, '-e', "require('node:crypto')"], {
    encoding: 'utf8',
  });
  expect(JSON.parse(stderr).builtins.filter((name: string) => HEAVY.test(name))).toContain('crypto');
});
