// SPDX-License-Identifier: Apache-2.0
// Assembles the seed again and puts what came out beside its sources: after a change of theirs, and after
// `nx build boot-seed`, which makes the assembler's side of it. `git diff --stat` then tells what changed.
import { writeFileSync } from 'node:fs';
import { requireProgram } from '@latticra/toolchain';
import { assembleSeed } from '../dist/index.js';

const parts = await assembleSeed({ as: requireProgram('as'), ld: requireProgram('ld') });
const files = {
  'kernel.elf': parts.kernel,
  'master-boot.bin': parts.masterBoot,
  'bios-loader.bin': parts.biosLoader,
  'uefi-loader.bin': parts.uefiLoader,
};
for (const [name, bytes] of Object.entries(files)) {
  writeFileSync(new URL(`prebuilt/${name}`, import.meta.url), bytes);
}
