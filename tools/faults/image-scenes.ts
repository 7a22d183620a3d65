// SPDX-License-Identifier: Apache-2.0
/** Scenes of what reads the files of an image. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BOOT_ISO } from '../testing/images.js';
import type { Scene } from './scene.js';

function lay(folder: string): void {
  mkdirSync(join(folder, 'in'));
  writeFileSync(join(folder, 'in/boot.iso'), BOOT_ISO);
}

export const IMAGE_SCENES: readonly Scene[] = [
  {
    command: 'latticra-disk-image ls',
    argv: ['in/boot.iso', '--recursive'],
    leaves: 'nothing',
    lay,
  },
  {
    command: 'latticra-disk-image cat',
    argv: ['in/boot.iso', 'boot/bios'],
    leaves: 'nothing',
    tells: true,
    lay,
  },
  {
    command: 'latticra-disk-image extract',
    argv: ['in/boot.iso', '--into', 'out'],
    leaves: 'files',
    lay,
  },
];
