// SPDX-License-Identifier: Apache-2.0
/** Runs the programs in docs/examples, on inputs that are right and on some that are not. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PREBUILT_PARTS } from '../../packages/boot-seed/src/index.js';
import { bytesSource } from '../../packages/disk-image/src/index.js';
import { inspect, requireIso, requireQcow2 } from '../../packages/disk-image/src/inspect/index.js';
import { pe } from '../../packages/disk-image/src/testing/files.js';
import { artifactManifest, manifestFromFiles } from '../../packages/manifest/src/index.js';
import { buildSbom, formatSbom } from '../../packages/sbom/src/index.js';
import { BOOT_ISO, QCOW2_DISK } from '../testing/images.js';
import { PROGRAMS, ROOT } from './blocks.js';
import { bundleBlocks } from './run.js';

const NAMES = PROGRAMS.map(({ file }) => file.slice(file.lastIndexOf('/') + 1));

let folder: string;
let scripts: Map<string, string>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-programs-'));
  const bundled = await bundleBlocks(PROGRAMS, folder);
  scripts = new Map(NAMES.map((name, index) => [name, bundled[index] ?? '']));
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Makes an empty folder for one run. */
const place = () => mkdtempSync(join(folder, 'at-'));

function run(name: string, cwd: string, args: readonly string[] = [], input: string | Uint8Array = '') {
  const env = { PATH: '', HOME: cwd, SOURCE_DATE_EPOCH: '0' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [scripts.get(name) ?? '', ...args], {
    cwd,
    env,
    input,
  });
  return { status, stdout: stdout.toString('latin1'), stderr: stderr.toString() };
}

it('the programs are those that the page names', () => {
  const page = readFileSync(join(ROOT, 'docs/examples.md'), 'utf8');
  expect([...page.matchAll(/\]\(examples\/([\w-]+\.ts)\)/g)].map(([, name]) => name).sort()).toEqual(NAMES);
});

it('a delivered release is validated, and one whose image was changed is refused', async () => {
  const cwd = place();
  const at = (name: string) => join(cwd, name);
  writeFileSync(at('os.iso'), BOOT_ISO);
  const none = { path: 'none', signature: 'none', sbom: 'none' };
  const manifest = await manifestFromFiles(
    {
      artifactVersion: '1',
      sourceCommit: 'unknown',
      sourceTag: 'none',
      buildEnvironment: 'test',
      iso: { path: 'os.iso', signature: 'none', sbom: 'none' },
      vmImage: { ...none, format: 'none' },
      operatorRecoveryPath: 'none',
      relativeTo: cwd,
    },
    { cwd },
  );
  writeFileSync(at('manifest.txt'), artifactManifest.format(manifest));
  const good = run('validate-manifest.ts', cwd);
  expect(good).toMatchObject({ status: 0, stderr: '' });
  expect(good.stdout).toMatch(/^ok [0-9a-f]{64} os\.iso\nmissing for a review: /);
  const changed = Buffer.from(BOOT_ISO);
  changed[changed.length - 1] = 1;
  writeFileSync(at('os.iso'), changed);
  expect(run('validate-manifest.ts', cwd)).toMatchObject({ status: 1, stdout: '' });
  expect(run('validate-manifest.ts', cwd, ['gone.txt'])).toMatchObject({ status: 2, stdout: '' });
});

it("an ISO and a qcow2 disk of one's own kernel start by both firmwares, as far as can be told without a boot", () => {
  const cwd = place();
  writeFileSync(join(cwd, 'kernel.elf'), PREBUILT_PARTS.kernel);
  expect(run('bootable-images.ts', cwd)).toMatchObject({ status: 0, stderr: '' });
  const look = (name: string) => inspect(bytesSource(readFileSync(join(cwd, 'out', name))));
  const firmwares = requireIso(look('kernel.iso')).starts.map(
    ({ firmware, medium }) => `${firmware} ${medium}`,
  );
  expect([...new Set(firmwares)].sort()).toEqual(['bios cd', 'bios usb', 'uefi cd', 'uefi usb']);
  expect(requireQcow2(look('kernel.qcow2')).facts?.virtualSize).toBe(64 * 2 ** 30);
});

it('an SBOM passes beside its files, and is refused for another file, and for one that it does not list', () => {
  const cwd = place();
  const sum = (algorithm: string) => createHash(algorithm).update('abc').digest('hex');
  const file = {
    id: 'kernel',
    name: './kernel.elf',
    size: 3,
    sha1: sum('sha1'),
    sha256: sum('sha256'),
    types: ['BINARY'] as const,
  };
  const document = buildSbom({
    name: 'x',
    created: '1970-01-01T00:00:00Z',
    tool: { name: 'x', version: '1' },
    describes: ['x'],
    packages: [
      { id: 'x', name: 'x', version: '1', declaredLicence: 'MIT', purl: 'pkg:generic/x@1', files: [file] },
    ],
  });
  writeFileSync(join(cwd, 'sbom.spdx.json'), formatSbom(document));
  expect(run('check-sbom.ts', cwd)).toMatchObject({ status: 0, stdout: 'not here: ./kernel.elf\nok\n' });
  writeFileSync(join(cwd, 'kernel.elf'), 'abc');
  expect(run('check-sbom.ts', cwd, ['sbom.spdx.json', 'kernel.elf'])).toMatchObject({
    status: 0,
    stdout: 'ok\n',
  });
  const unlisted = run('check-sbom.ts', cwd, ['sbom.spdx.json', 'sbom.spdx.json']);
  expect(unlisted).toMatchObject({ status: 1, stdout: 'not listed: sbom.spdx.json\nrefused\n' });
  writeFileSync(join(cwd, 'kernel.elf'), 'abd');
  expect(run('check-sbom.ts', cwd)).toMatchObject({ status: 1 });
  writeFileSync(join(cwd, 'sbom.spdx.json'), '{}');
  expect(run('check-sbom.ts', cwd)).toMatchObject({ status: 1 });
});

it('the back end of a desktop tool answers every line, and gives no command for a system disk', () => {
  const cwd = place();
  writeFileSync(join(cwd, 'os.iso'), BOOT_ISO);
  const requests = [
    { do: 'list' },
    { do: 'plan', iso: 'os.iso', device: '/dev/sdX' },
    { do: 'plan', iso: 'os.iso', device: '/dev/sda' },
    { do: 'plan', iso: 'gone.iso', device: '/dev/sdX' },
  ];
  const lines = [...requests.map((request) => JSON.stringify(request)), 'nonsense'];
  const { status, stdout } = run('usb-backend.ts', cwd, [], `${lines.join('\n')}\n`);
  expect(status).toBe(0);
  const [list, free, blocked, gone, nonsense] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  // Which disks there are is up to the machine; where they cannot be seen it is said.
  expect(Array.isArray(list.ok) || typeof list.error === 'string').toBe(true);
  expect(free.ok).toMatchObject({ ready: true, reason: null });
  expect(free.ok.commands.write).toMatch(/^sudo dd if='os\.iso' of='\/dev\/sdX' /);
  expect(blocked.ok).toMatchObject({ ready: false, reason: 'system-disk-name' });
  expect(blocked.ok.commands.write).toBeUndefined();
  expect(gone.ok.ready).toBe(false);
  expect(nonsense.error).toMatch(/JSON/);
});

it('a folder is sealed, verified, and tells what changed in it', () => {
  const cwd = place();
  const at = (name: string) => join(cwd, 'project', name);
  mkdirSync(at('src'), { recursive: true });
  for (const name of ['README.md', 'LICENSE', 'src/a.txt', 'src/b.txt']) writeFileSync(at(name), `${name}\n`);
  expect(run('seal-folder.ts', cwd, ['project'])).toMatchObject({ status: 0, stderr: '' });
  expect(run('seal-folder.ts', cwd, ['project']).stdout).toMatch(/^PASS: verified \d+ files$/m);
  writeFileSync(at('src/a.txt'), 'other');
  rmSync(at('src/b.txt'));
  writeFileSync(at('src/c.txt'), 'new');
  const { status, stdout } = run('seal-folder.ts', cwd, ['project']);
  expect(status).toBe(1);
  expect(stdout).toMatch(/^added src\/c\.txt\nmodified src\/a\.txt\nremoved src\/b\.txt\nFAIL: verified/);
});

it('a file is read out of a qcow2 image that is in memory alone', () => {
  const read = run('read-from-qcow2.ts', place(), ['efi/boot/bootx64.efi'], QCOW2_DISK);
  expect(read).toMatchObject({ status: 0, stdout: pe().toString('latin1') });
  expect(read.stderr).toMatch(/^\d+ bytes, qcow2, partition 1, fat\n$/);
  expect(run('read-from-qcow2.ts', place(), ['none'], QCOW2_DISK)).toMatchObject({ status: 1, stdout: '' });
  expect(run('read-from-qcow2.ts', place(), [], 'nonsense')).toMatchObject({ status: 1, stdout: '' });
});
