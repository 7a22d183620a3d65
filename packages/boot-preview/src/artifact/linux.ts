// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '@latticra/disk-image';

/** The one Linux that a configuration of GRUB starts. */
export interface LinuxEntry {
  /** Paths in the image, without the slash before them. */
  readonly kernel: string;
  readonly initramfs: string | undefined;
  /** From the kernel's command line, where it stands as `latticra.build=<id>`. */
  readonly buildId: string;
}

const BUILD_ID = 'latticra.build=';

/**
 * Finds the Linux that a configuration of GRUB starts, and the build id that its kernel will print; returns undefined where it
 * starts none. Of two kernels, initramfs or ids nobody could tell which is booted.
 * @throws ImageError `unsupported` for more than one, for a kernel without a build id, or a path that GRUB works out
 */
export function findLinux(grubConfig: Uint8Array): LinuxEntry | undefined {
  const commands = Buffer.from(grubConfig)
    .toString('utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  const [linux, ...others] = commands.filter(([name = '']) => /^linux(?:16|efi)?$/.test(name));
  if (linux === undefined) return undefined;
  if (others.length > 0) throw unsupported(`${others.length + 1} commands linux, expected one`);
  const initrds = commands.filter(([name = '']) => /^initrd(?:16|efi)?$/.test(name));
  if (initrds.length > 1 || (initrds[0]?.length ?? 2) !== 2) throw unsupported('more than one initramfs');
  const ids = linux.filter((word) => word.startsWith(BUILD_ID)).map((word) => word.slice(BUILD_ID.length));
  const [buildId = ''] = ids;
  if (ids.length !== 1 || buildId === '') {
    throw unsupported(
      `${ids.length} build ids on the kernel's command line, expected one as ${BUILD_ID}<id>`,
    );
  }
  const [initrd] = initrds;
  return {
    kernel: pathOf(linux[1]),
    initramfs: initrd === undefined ? undefined : pathOf(initrd[1]),
    buildId,
  };
}

function pathOf(word = ''): string {
  if (!/^\/[A-Za-z0-9._/+-]+$/.test(word))
    throw unsupported(`the path ${JSON.stringify(word)}, expected a plain one`);
  return word.slice(1);
}

const unsupported = (what: string) => new ImageError('unsupported', `grub.cfg has ${what}`);
