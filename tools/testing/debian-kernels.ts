// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const BOOT = '/boot';

/** Finds the newest of Debian's kernels of a flavour; a name that is not there where none is installed. */
function newestKernel(flavour: RegExp, otherwise: string): string {
  try {
    const found = readdirSync(BOOT).filter((name) => flavour.test(name));
    return join(BOOT, found.sort().at(-1) ?? otherwise);
  } catch {
    return join(BOOT, otherwise);
  }
}

/** Kernels that Debian signs, by the package that they come with; a test names their paths as tools it needs. */
export const DEBIAN_KERNELS = {
  'linux-image-cloud-amd64': newestKernel(/^vmlinuz-[\d.-]+-cloud-amd64$/, 'vmlinuz-cloud-amd64'),
  'linux-image-amd64': newestKernel(/^vmlinuz-[\d.-]+-amd64$/, 'vmlinuz-amd64'),
} as const;
