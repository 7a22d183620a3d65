// SPDX-License-Identifier: Apache-2.0
/** Runs the commands that the build preflight prints, in their order, each as it is printed. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { setBuildId } from '../../packages/boot-seed/src/patch/build-id.js';
import { PREBUILT_PARTS } from '../../packages/boot-seed/src/seed/parts.js';
import { boot } from '../../packages/boot-seed/src/testing/qemu.js';
import {
  KERNEL,
  INITRAMFS as LINUX_INITRAMFS,
  ROOTFS,
} from '../../packages/linux-release/src/testing/release.js';
import { archive } from '../../packages/tar/test/archive.js';
import { bundleApps } from '../testing/bundle-apps.js';
import { GRUB_TOOLS } from '../testing/grub.js';
import { INITRAMFS } from '../testing/images.js';
import { documentValues } from '../testing/lane.js';
import { itWith } from '../testing/tools.js';

const BUILD_ID = 'recipe.1';
const NEEDS = [...GRUB_TOOLS, 'qemu-img', 'qemu-system-x86_64', 'tar', 'gzip', 'cpio', 'awk', 'sed', 'find'];
const TIME_LIMIT = 180_000;

let folder: string;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'build-recipe-'));
  const scripts = await bundleApps(join(folder, 'apps'));
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  for (const [name, script] of scripts) {
    writeFileSync(join(bin, name), `#!/bin/sh\nexec '${process.execPath}' '${script}' "$@"\n`);
    chmodSync(join(bin, name), 0o755);
  }
  env = { PATH: `${bin}:${process.env.PATH}`, LC_ALL: 'C' };
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Paths {
  readonly name: string;
  readonly kernel: string;
  readonly initramfs: string;
  readonly rootfs: string;
  readonly inputs: string;
  readonly output: string;
}

const CASES: readonly Paths[] = [
  {
    name: 'plain paths',
    kernel: 'in/kernel',
    initramfs: 'in/initramfs.img',
    rootfs: 'in/rootfs.tar',
    inputs: 'in/inputs.txt',
    output: 'out',
  },
  {
    name: 'blanks and quotes in every path',
    kernel: `it's "in"/the kernel`,
    initramfs: `it's "in"/a 'ram' fs`,
    rootfs: `it's "in"/root "fs".tar`,
    inputs: `it's "in"/the inputs`,
    output: `an 'output' "folder" $HOME \`id\` & more`,
  },
  {
    name: 'options, hosts, commas, equals signs and backslashes in the paths',
    kernel: '-k',
    initramfs: 'host:i',
    rootfs: 'host:r',
    inputs: '-inputs',
    output: '-o=a,b\\c;d:e#f*?[g]~é',
  },
];

/** The boot seed's kernel, which says that it ran; and a system around a kernel of Linux's form. */
const SEED = {
  kernel: setBuildId(PREBUILT_PARTS.kernel, BUILD_ID),
  initramfs: INITRAMFS,
  rootfs: archive({ name: 'init', type: '5' }, { name: 'init/file' }),
};
const LINUX = { kernel: KERNEL, initramfs: LINUX_INITRAMFS, rootfs: ROOTFS };

/** Lays the inputs of a build into a folder of its own, and returns what the preflight says of them there. */
function preflight({ name, kernel, initramfs, rootfs, inputs, output }: Paths, system = SEED) {
  const cwd = join(folder, name.replaceAll(' ', '-'));
  for (const [path, content] of [
    [kernel, system.kernel],
    [initramfs, system.initramfs],
    [rootfs, system.rootfs],
  ] as const) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), content);
  }
  const flags = [`--kernel=${kernel}`, `--initramfs=${initramfs}`, `--rootfs=${rootfs}`];
  const options = { cwd, env, encoding: 'utf8' } as const;
  const bundle = execFileSync(
    'latticra-os-image-input-bundle-from-files',
    [...flags, `--relative-to=${dirname(inputs)}`],
    options,
  );
  writeFileSync(join(cwd, inputs), bundle);
  const stdout = execFileSync(
    'latticra-os-image-build-preflight',
    [...flags, `--input-manifest=${inputs}`, `--output-dir=${output}`],
    options,
  );
  return { cwd, stdout };
}

/** The programs of the commands that only a Linux kernel is taken by. */
const LINUX_COMMANDS = [
  'latticra-os-image-build',
  'latticra-os-image-build-validate',
  'latticra-os-image-sbom',
  'latticra-os-image-sbom-check',
];

/** Returns the lines of a report's command section that are commands, in its order. */
function commandsOf(report: string): string[] {
  const section = /\n\[future_command_shapes\]\n((?:.+\n)+)/.exec(report)?.[1] ?? '';
  return section.split('\n').flatMap((line) => /^future_\w+_command=(.*)$/.exec(line)?.slice(1) ?? []);
}

for (const paths of CASES) {
  itWith(
    NEEDS,
    `the recipe of a build runs as it is printed, and its ISO starts the kernel, with ${paths.name}`,
    async () => {
      const { cwd, stdout } = preflight(paths);
      expect(documentValues(stdout)).toMatchObject({
        build_inputs_ready: '1',
        build_toolchain_ready: '1',
        os_image_build_recipe_ready: '1',
      });
      const all = commandsOf(stdout);
      // The rest makes a release of Linux.
      const commands = all.slice(0, -LINUX_COMMANDS.length);
      expect(all.map((command) => command.split(' ', 1)[0])).toEqual([
        'latticra-os-image-input-bundle-validate',
        'mkdir',
        'tar',
        'install',
        'install',
        'printf',
        'grub-mkrescue',
        'qemu-img',
        'latticra-os-image-artifact-manifest-from-files',
        'latticra-os-image-artifact-manifest-validate',
        ...LINUX_COMMANDS,
      ]);
      let last = '';
      for (const command of commands) {
        last = execFileSync('sh', ['-c', command], { cwd, env, encoding: 'utf8', stdio: 'pipe' });
      }
      // What the report says of the recipe is what comes of it.
      expect(documentValues(last)).toMatchObject({
        iso_artifact_present: '1',
        vm_image_artifact_present: '0',
        artifact_manifest_ready_for_operator_review: '0',
      });
      expect(last).toMatch(/\nstarts_bios_cd=1\n/);
      expect(last).toMatch(/\nstarts_uefi_usb=1\n/);
      const iso = join(folder, 'made.iso');
      writeFileSync(iso, readFileSync(join(cwd, paths.output, 'latticra-x86_64.iso')));
      const { exitCode, lines } = await boot({
        folder,
        image: iso,
        format: 'raw',
        attach: 'cdrom',
        firmware: 'seabios',
        machine: 'pc',
      });
      expect({ exitCode, said: lines.filter((line) => line.startsWith('LATTICRA')) }).toEqual({
        exitCode: 33,
        said: ['LATTICRA_BOOT_SEED_OK', `LATTICRA_BUILD_ID ${BUILD_ID}`],
      });
    },
    TIME_LIMIT,
  );
}

for (const paths of CASES) {
  itWith(
    NEEDS,
    `every command of a recipe runs as it is printed where the kernel is Linux, up to a release that validates, with ${paths.name}`,
    () => {
      const { cwd, stdout } = preflight({ ...paths, name: `linux ${paths.name}` }, LINUX);
      const commands = commandsOf(stdout);
      const said = commands.map((command) =>
        execFileSync('sh', ['-c', command], { cwd, env, encoding: 'utf8', stdio: 'pipe' }),
      );
      const [built = '', validated = '', , checked = ''] = said.slice(-LINUX_COMMANDS.length);
      expect(documentValues(built)).toMatchObject({ build_status: 'ok', root_mode: 'verity' });
      expect(documentValues(validated)).toMatchObject({
        validation_status: 'ok',
        build_id: documentValues(built).build_id,
        inputs_rebuilt: '1',
      });
      expect(documentValues(checked)).toMatchObject({ sbom_valid: '1' });
    },
    TIME_LIMIT,
  );
}

it('the recipe of a build names a Linux release, and its first command refuses a kernel that is none', () => {
  const { cwd, stdout } = preflight({ ...(CASES[0] ?? expect.fail('no case')), name: 'no linux' });
  const [build = ''] = commandsOf(stdout).slice(-LINUX_COMMANDS.length);
  const { status, stderr } = spawnSync('sh', ['-c', build], { cwd, env, encoding: 'utf8' });
  expect([status, stderr]).toEqual([65, expect.stringMatching(/kernel/)]);
});

it('the recipe of a build says what it leaves out', () => {
  const { stdout } = preflight({ ...(CASES[0] ?? expect.fail('no case')), name: 'left out' });
  expect(stdout).toMatch(
    /\n\[left_out_of_recipe\]\nleft_out_01=the root file system .*\nleft_out_02=the VM image is an empty disk.*\n/,
  );
});
