// SPDX-License-Identifier: Apache-2.0
/** A small Linux system, rehearsed as far as one computer alone can take it: with a tag, and a boot of both images. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lane as rehearseLane } from '../../apps/latticra/src/rehearse/rehearse-lane.js';
import { assertTypable } from '../lanes/next-command.js';
import { tryLane } from '../testing/lane.js';
import { buildLister, LISTING_TOOLS } from '../testing/linux-system/listing.js';
import { SMALL_SYSTEM_TOOLS, smallSystem } from '../testing/linux-system/small.js';
import { openFields } from '../testing/promotion-board.js';
import { tagFolder } from '../testing/tagged-folder.js';
import { describeWith } from '../testing/tools.js';

const TOOLS = [...SMALL_SYSTEM_TOOLS, ...LISTING_TOOLS, 'qemu-system-x86_64', 'git'];

describeWith(TOOLS, 'a rehearsal of a Linux system with QEMU and a tag', () => {
  let cwd: string;
  let kernel: string;
  beforeAll(() => {
    cwd = mkdtempSync(join(tmpdir(), 'latticra-rehearsal-'));
    const system = smallSystem(buildLister(cwd));
    kernel = system.kernel;
    writeFileSync(join(cwd, 'initrd.img'), system.initramfs);
    writeFileSync(join(cwd, 'rootfs.tar'), system.rootfs);
    tagFolder(cwd, 'v1.0');
  });
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));

  it('all fields hold but those that take a person at hardware, or a second machine', async () => {
    const { status, stdout, stderr } = await tryLane(
      rehearseLane,
      [
        ...['--kernel', kernel, '--initramfs', 'initrd.img', '--rootfs', 'rootfs.tar'],
        ...[
          '--output-dir',
          join(cwd, 'release'),
          '--release',
          '1.0',
          '--source-tag',
          'v1.0',
          '--memory-mib',
          '512',
        ],
      ],
      { cwd, env: process.env },
    );
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('Promotion board: 15 of 20 fields hold');
    const open = openFields(stdout);
    expect(open.map(({ field }) => field)).toEqual([
      'hardware_usb_write_transcript_recorded',
      'hardware_install_transcript_recorded',
      'post_install_verification_recorded',
      'uninstall_or_reimage_recovery_recorded',
      'multi_machine_validation_recorded',
    ]);
    for (const { command } of open) await assertTypable(command, cwd);
  });
});
