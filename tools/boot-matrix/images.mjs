// SPDX-License-Identifier: Apache-2.0
/**
 * Makes the images of the boot matrix: the boot seed by either boot loader, as ISO, qcow2 and raw disk. The build id is
 * the one that boot-matrix.toml expects.
 */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const IMAGES = join(ROOT, 'build/boot-matrix/images');
const run = (program, ...argv) => execFileSync(program, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
const lane = (app, ...argv) => run(process.execPath, join(ROOT, 'apps', app, 'dist/main.cjs'), ...argv);

rmSync(IMAGES, { recursive: true, force: true });
for (const bootloader of ['latticra', 'grub']) {
  const folder = join(IMAGES, bootloader);
  const at = (name) => join(folder, name);
  const common = ['--output-dir', folder, '--bootloader', bootloader];
  lane('boot-seed-build', ...common, '--toolchain', 'prebuilt', '--build-id', 'boot-matrix');
  lane('boot-seed-vm-image-build', ...common, '--kernel', at('latticra-boot-seed.elf'));
  run('qemu-img', 'convert', '-O', 'raw', at('latticra-boot-seed.qcow2'), at('latticra-boot-seed.raw'));
}
