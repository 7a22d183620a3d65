// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { BOOT_SCENES } from './boot-scenes.js';
import { COMMAND_SCENES } from './command-scenes.js';
import { IMAGE_SCENES } from './image-scenes.js';
import { PROMOTION_SCENES } from './promotion-scenes.js';
import { RELEASE_SCENES } from './release-scenes.js';
import type { Scene } from './scene.js';
import { SEAL_SCENES } from './seal-scenes.js';
import { SYSTEM_SCENES } from './system-scenes.js';

/** The guards make files of their own in a temporary folder, and run lanes on them. */
const guards = JSON.parse(
  readFileSync(new URL('../../apps/guards/package.json', import.meta.url), 'utf8'),
) as { readonly bin: Readonly<Record<string, string>> };

/** All scenes: at least one of every command. */
export const SCENES: readonly Scene[] = [
  // By themselves these only tell which lanes they have.
  ...['latticra', 'latticra-boot-matrix', 'latticra-disk-image', 'latticra-seal'].map(
    (command): Scene => ({ command, argv: ['--help'], leaves: 'nothing' }),
  ),
  ...COMMAND_SCENES,
  ...IMAGE_SCENES,
  ...RELEASE_SCENES,
  ...SYSTEM_SCENES,
  ...PROMOTION_SCENES,
  ...BOOT_SCENES,
  ...SEAL_SCENES,
  ...Object.keys(guards.bin).map((command): Scene => ({ command, argv: [], leaves: 'nothing', slow: true })),
];
