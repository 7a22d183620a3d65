// SPDX-License-Identifier: Apache-2.0

/** What a test names as the tools it needs when it builds with GRUB: the programs, and each platform's folder. */
export const GRUB_TOOLS = [
  ...[
    'grub-mkrescue',
    'grub-mkstandalone',
    'grub-mkimage',
    'grub-script-check',
    'xorriso',
    'mformat',
    'mcopy',
  ],
  ...['/usr/lib/grub/i386-pc/kernel.img', '/usr/lib/grub/x86_64-efi/kernel.img'],
];
