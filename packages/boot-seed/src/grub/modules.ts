// SPDX-License-Identifier: Apache-2.0

/**
 * The modules of GRUB's that images have, with those that they need: enough for the configuration that is
 * written here, and for one of a user's that starts another kernel by hand, from FAT, ext2 or ISO 9660.
 */
export const GRUB_MODULES = [
  ...['part_gpt', 'part_msdos', 'fat', 'ext2', 'iso9660'],
  ...['normal', 'configfile', 'echo', 'ls', 'cat', 'test', 'true', 'sleep', 'regexp'],
  ...['search', 'search_fs_file', 'search_fs_uuid', 'search_label'],
  ...['multiboot', 'multiboot2', 'linux', 'chain', 'boot', 'halt', 'reboot'],
  ...['all_video', 'gfxterm', 'serial', 'terminal'],
] as const;

/** Options that keep fonts, translations and themes out, which a machine may have or not. */
export const NO_EXTRAS = ['--fonts=', '--locales=', '--themes=', '--compress=no'] as const;
