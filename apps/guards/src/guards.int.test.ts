// SPDX-License-Identifier: Apache-2.0
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { bundleScript } from '../../../tools/testing/bundle.js';
import { bundleApps } from '../../../tools/testing/bundle-apps.js';

const APP = fileURLToPath(new URL('..', import.meta.url));
const bins: Record<string, string> = JSON.parse(readFileSync(join(APP, 'package.json'), 'utf8')).bin;

/** By guard: the lane that a liar stands in for, and the line of its answer that the liar prints otherwise. */
const LIES: Record<string, [lane: string, truth: string, lie: string]> = {
  ...lies('latticra-os-image-', {
    'release-readiness-contract': ['release-preflight', 'qemu_run_performed=0', 'qemu_run_performed=1'],
    'artifact-manifest-template': ['artifact-manifest-template', 'source_tag=', 'source_branch='],
    'artifact-manifest-from-files': ['artifact-manifest-from-files', 'os.iso', 'so.iso'],
    'artifact-manifest-validate': ['artifact-manifest-validate', 'iso_sbom_valid=1', 'iso_sbom_valid=0'],
    'operator-bundle-from-artifacts': [
      'operator-bundle-from-artifacts',
      'bundle_status=ok',
      'bundle_status=maybe',
    ],
    'usb-write-command': ['usb-write-command', 'device_path_blocked=1', 'device_path_blocked=0'],
    'vm-test-command': ['vm-test-command', 'snapshot=on', 'snapshot=off'],
  }),
  ...lies('seabios-grub-boot-preview-', {
    'evidence-contract': ['qemu-argv-template', 'qemu_run_performed=0', 'qemu_run_performed=1'],
    preflight: ['preflight', 'xorriso_available=.', 'xorriso_available=maybe'],
    'evidence-template': ['evidence-template', 'boot_result=<.*>', 'boot_result=ok'],
    'evidence-validate': ['evidence-validate', 'disk_image_path=missing', 'disk_image_path=disk'],
    'qemu-argv-template': ['qemu-argv-template', 'readonly=on', 'readonly=off'],
    'boot-artifact-manifest-template': [
      'boot-artifact-manifest-template',
      'manifest_measurement=sha256',
      'manifest_measurement=sha512',
    ],
    'boot-artifact-manifest-validate': [
      'boot-artifact-manifest-validate',
      'target_bootloader=grub2-uefi',
      'target_bootloader=shim',
    ],
  }),
};
const LANES = [...new Set(Object.values(LIES).map(([lane]) => lane))];

/** Puts before each guard and its lane the prefix that the commands of their family share. */
function lies(family: string, of: typeof LIES): typeof LIES {
  return Object.fromEntries(
    Object.entries(of).map(([guard, [lane, ...words]]) => [family + guard, [family + lane, ...words]]),
  );
}

let folder: string;
let installed: string;
let program: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'guards-'));
  installed = mkdtempSync(join(folder, 'bin-'));
  program = await bundleScript(new URL('main.ts', import.meta.url), folder);
  // The same bundles that other tests of commands take.
  const scripts = await bundleApps(mkdtempSync(join(folder, 'apps-')));
  for (const lane of LANES) {
    const bundled = scripts.get(lane) ?? expect.fail(`no command ${lane}`);
    chmodSync(bundled, 0o755);
    symlinkSync(bundled, join(installed, lane));
  }
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Returns the script of a guard's bin file. */
function script(bin: string): string {
  return `import(${JSON.stringify(program)}).then((guards) => guards.runGuard(${JSON.stringify(bin)}, [])).then((status) => { process.exitCode = status; })`;
}

const searchPath = (path: string) => [path, dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter);

/** Runs a guard as its bin file does, with the lanes of `path`. */
function guard(bin: string, path: string) {
  return spawnSync(process.execPath, ['-e', script(bin)], {
    encoding: 'utf8',
    env: { PATH: searchPath(path) },
  });
}

describe.each(Object.entries(LIES))('test-%s', (name, [lane, truth, lie]) => {
  const bin = `test-${name}`;

  it('the guard finds that the lanes keep their contract', () => {
    expect(bins[bin]).toBe(`./bin/${bin}.cjs`);
    const { status, stdout, stderr } = guard(bin, installed);
    expect([status, stdout, stderr]).toEqual([0, `${name.replaceAll('-', '_')}: ok\n`, '']);
  }, 60_000);

  it('the guard finds a lane that breaks its contract', () => {
    const liars = mkdtempSync(join(folder, 'liars-'));
    for (const other of LANES) symlinkSync(join(installed, other), join(liars, other));
    const liar = join(liars, lane);
    rmSync(liar);
    const script = `#!/bin/sh\n"${join(installed, lane)}" "$@" > "$0.out"; status=$?\nsed 's/${truth}/${lie}/' "$0.out"; exit $status\n`;
    writeFileSync(liar, script, { mode: 0o755 });
    const { status, stdout, stderr } = guard(bin, liars);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(new RegExp(`^${bin}: .+\n$`));
  }, 60_000);
});

it('a guard says which lane is not installed, and leaves nothing behind', () => {
  const { status, stdout, stderr } = guard(
    'test-latticra-os-image-usb-write-command',
    join(folder, 'nowhere'),
  );
  expect([status, stdout]).toEqual([69, '']);
  expect(stderr).toContain('latticra-os-image-usb-write-command');
  expect(existsSync(join(folder, 'nowhere'))).toBe(false);
});

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)(
  'a guard leaves nothing behind when %s interrupts it, whatever the lane makes of that',
  async (signal, status) => {
    const lanes = mkdtempSync(join(folder, 'stubborn-'));
    const temporary = mkdtempSync(join(folder, 'tmp-'));
    const bin = 'test-latticra-os-image-usb-write-command';
    const lane = join(lanes, 'latticra-os-image-usb-write-command');
    writeFileSync(
      lane,
      `#!/bin/sh\ntrap '' TERM INT\necho $$ > '${lane}.pid'\nwhile :; do sleep 0.1; done\n`,
      {
        mode: 0o755,
      },
    );
    const child = spawn(process.execPath, ['-e', script(bin)], {
      env: { PATH: searchPath(lanes), TMPDIR: temporary },
      stdio: 'pipe',
    });
    let reason = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      reason += text;
    });
    const closed = once(child, 'close');
    const pid = await vi.waitFor(
      () => {
        const found = Number(readFileSync(`${lane}.pid`, 'utf8'));
        expect(found).toBeGreaterThan(1);
        return found;
      },
      { timeout: 20_000 },
    );
    child.kill(signal);
    expect([await closed, reason]).toEqual([[status, null], `${bin}: interrupted\n`]);
    expect(readdirSync(temporary)).toEqual([]);
    // Gone, or a zombie that process 1 has not taken note of.
    expect(existsSync(`/proc/${pid}/exe`)).toBe(false);
  },
);
