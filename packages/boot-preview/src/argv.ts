// SPDX-License-Identifier: Apache-2.0
import { type MachineFirmware, type QemuMachine, qemuArgv } from '@latticra/qemu-argv';
import type { BootPreviewProfile } from './profile.js';

/** What a boot of a profile needs: each path a real one, or a placeholder for it. */
export interface ProfileBoot {
  /** QEMU, by name or path. */
  readonly program: string;
  readonly firmware: MachineFirmware;
  readonly diskImage: string;
  readonly serialLog: string;
  /** False for the boot of which only the screen is wanted; see `QemuMachine`. */
  readonly debugExit?: boolean;
}

/** Returns the part of a boot that its profile alone decides: the same for a request to vm-run and for an argv. */
export function profileMachine(
  profile: BootPreviewProfile,
): Pick<QemuMachine, 'machine' | 'attach' | 'memoryMib' | 'cpus'> {
  return { machine: profile.qemuMachine, attach: profile.attach, memoryMib: 512, cpus: 1 };
}

/**
 * Returns the program and arguments that boot a profile. QMP is on file descriptor 3, where vm-run connects it.
 *
 * @example
 * import { profileArgv, profileNamed } from '@latticra/boot-preview';
 *
 * const profile = profileNamed('x86_64-grub2-bios-preview');
 * const argv = profileArgv(profile, {
 *   program: profile.qemuBinary,
 *   firmware: { kind: 'seabios', code: '/usr/share/seabios/bios-256k.bin' },
 *   diskImage: 'preview.raw',
 *   serialLog: 'serial.log',
 * });
 * console.log(argv.join(' '));
 */
export function profileArgv(profile: BootPreviewProfile, boot: ProfileBoot): string[] {
  const { program, diskImage, ...rest } = boot;
  const image = { path: diskImage, format: 'raw' } as const;
  return [program, ...qemuArgv({ ...profileMachine(profile), ...rest, image, qmpFd: 3 })];
}
