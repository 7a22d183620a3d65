// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { findLinux } from './linux.js';

const find = (text: string) => findLinux(Buffer.from(text));
const LINUX = 'linux /boot/vmlinuz console=ttyS0 latticra.build=b-1\n';

describe('the Linux of a configuration', () => {
  it('kernel, initramfs and build id are those of its commands', () => {
    expect(find(`set timeout=0\nmenuentry x {\n  ${LINUX}  initrd /boot/initrd.img\n}\n`)).toEqual({
      kernel: 'boot/vmlinuz',
      initramfs: 'boot/initrd.img',
      buildId: 'b-1',
    });
    expect(find(LINUX)?.initramfs).toBeUndefined();
    expect(find('multiboot2 /boot/kernel.elf\nboot\n')).toBeUndefined();
  });

  it.each([
    [LINUX + LINUX, /2 commands linux/],
    ['linux /boot/vmlinuz quiet\n', /0 build ids/],
    ['linux /boot/vmlinuz latticra.build=\n', /build ids/],
    ['linux /boot/vmlinuz latticra.build=a latticra.build=b\n', /2 build ids/],
    [`${LINUX}initrd /a /b\n`, /more than one initramfs/],
    [`${LINUX}initrd /a\ninitrd /b\n`, /more than one initramfs/],
    ['linux $kernel latticra.build=a\n', /the path "\$kernel"/],
    ['linux (hd0)/vmlinuz latticra.build=a\n', /the path "\(hd0\)/],
  ])('the configuration %j is refused', (text, reason) => {
    expect(() => find(text)).toThrow(reason);
  });
});
