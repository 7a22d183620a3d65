// SPDX-License-Identifier: Apache-2.0
/**
 * Prints what a boot depends on besides its image: the version of QEMU and the digests of the firmware that is installed.
 * An input of every case's target, so that a record is made anew when one of these changes.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDERS = [
  '/usr/share/OVMF',
  '/usr/share/edk2/x64',
  '/usr/share/qemu',
  '/usr/share/qemu/firmware',
  '/usr/share/seabios',
];

/** The names in a folder that say what a firmware is; none where there is no such folder. */
function firmwareIn(folder) {
  try {
    return readdirSync(folder).filter((name) => /\.(fd|json)$|^bios.*\.bin$/.test(name));
  } catch {
    return [];
  }
}

/** A machine without QEMU boots nothing: its cases fail with a reason of their own. */
function qemuVersion() {
  try {
    return execFileSync('qemu-system-x86_64', ['--version'], { encoding: 'utf8' });
  } catch {
    return 'no qemu-system-x86_64\n';
  }
}

process.stdout.write(qemuVersion());
for (const folder of FOLDERS) {
  for (const name of firmwareIn(folder).sort()) {
    const sum = createHash('sha256').update(readFileSync(join(folder, name)));
    process.stdout.write(`${sum.digest('hex')}  ${join(folder, name)}\n`);
  }
}
