// SPDX-License-Identifier: Apache-2.0
/** The smallest system that a kernel of Linux starts. */
import { readFileSync } from 'node:fs';
import { type ByteSource, bytesSource } from '@latticra/disk-image';
import { initramfs } from '../../../../tools/testing/linux.js';

/** Of the Debian package `busybox-static`: it needs no libraries. */
export const BUSYBOX = '/usr/bin/busybox';

/** Makes an initramfs that writes a line with the kernel's version and command line, and turns the machine off. */
export function tinyInitramfs(): ByteSource {
  const script = [
    '#!/bin/busybox sh',
    '/bin/busybox mount -t proc proc /proc',
    'echo "TEST_INIT $(/bin/busybox uname -r) $(/bin/busybox cat /proc/cmdline)"',
    '/bin/busybox poweroff -f',
    '',
  ].join('\n');
  return bytesSource(
    initramfs([
      { path: 'bin', mode: 0o040755 },
      { path: 'proc', mode: 0o040755 },
      { path: 'dev', mode: 0o040755 },
      { path: 'dev/console', mode: 0o020600, device: [5, 1] },
      { path: 'bin/busybox', mode: 0o100755, content: readFileSync(BUSYBOX) },
      { path: 'init', mode: 0o100755, content: Buffer.from(script) },
    ]),
  );
}
