// SPDX-License-Identifier: Apache-2.0
/** The initramfs that Debian's tools made for a kernel for any machine, on a USB stick, in a verified root. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { findDebianKernel } from '../../packages/linux-image/src/testing/machine.js';
import { bootRoot, CONTENT_SUM, ROOT_TOOLS } from '../../packages/linux-image/src/testing/root.js';
import { itWith } from '../testing/tools.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-root-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

// Others start whole: for clouds by the rehearsal beside this, on disks and CDs by `debian.linux.ts`.
const kernel = findDebianKernel('generic');
itWith(
  [...ROOT_TOOLS, kernel.path, kernel.initramfs],
  "the initramfs that Debian's tools made for the kernel for any machine on a USB stick starts the system in a verified root",
  async () => {
    const { exitCode, lines } = await bootRoot(folder, {
      kernel,
      given: readFileSync(kernel.initramfs),
      attach: 'usb',
      commandLine: 'rootfstype=erofs ro',
      memoryMib: 512,
    });
    const log = lines.join('\n');
    expect(lines.filter((line) => /latticra: error/.test(line))).toEqual([]);
    expect(log).toContain('latticra: verified root on sda at sector');
    expect(lines).toContain(`TEST_ROOT ${CONTENT_SUM}  /etc/content`);
    expect(log).toMatch(/^\/dev\/dm-1 \/ erofs ro,/m);
    expect(exitCode).toBe(0);
  },
);
