// SPDX-License-Identifier: Apache-2.0
import { isAbsolute, join } from 'node:path';
import type { Environment } from '../program.js';

/** Where firmware is looked for. */
export interface FirmwareRoots {
  /** Folders of `*.json` firmware descriptors, the most specific first. */
  readonly descriptorFolders: readonly string[];
  /** UEFI code and its variable store where no descriptor tells of them, in order of preference. */
  readonly uefiPairs: readonly (readonly [code: string, vars: string])[];
  /** SeaBIOS images, in order of preference. */
  readonly seaBios: readonly string[];
}

/** Data folders of the usual prefixes, a local installation before the distribution's. What is in them needs no joining. */
const SHARE = ['/usr/local/share', '/opt/homebrew/share', '/usr/share'];

/**
 * Returns the places that QEMU's own documentation names (docs/interop/firmware.json: user, then administrator,
 * then vendor), and those where Debian, Fedora, Arch, SUSE and Homebrew put firmware.
 */
export function firmwareRoots(env: Environment = process.env): FirmwareRoots {
  const home = env.HOME ?? '';
  const xdg = env.XDG_CONFIG_HOME ?? '';
  // The XDG base directory specification has a relative XDG_CONFIG_HOME ignored.
  const config = isAbsolute(xdg) ? xdg : isAbsolute(home) ? join(home, '.config') : undefined;
  return {
    descriptorFolders: [
      ...(config === undefined ? [] : [join(config, 'qemu/firmware')]),
      '/etc/qemu/firmware',
      ...SHARE.map((share) => `${share}/qemu/firmware`),
    ],
    uefiPairs: [
      ['/usr/share/OVMF/OVMF_CODE_4M.fd', '/usr/share/OVMF/OVMF_VARS_4M.fd'],
      ['/usr/share/OVMF/OVMF_CODE.fd', '/usr/share/OVMF/OVMF_VARS.fd'],
      ['/usr/share/edk2/ovmf/OVMF_CODE.fd', '/usr/share/edk2/ovmf/OVMF_VARS.fd'],
      ['/usr/share/edk2/x64/OVMF_CODE.4m.fd', '/usr/share/edk2/x64/OVMF_VARS.4m.fd'],
      ['/usr/share/qemu/ovmf-x86_64-4m-code.bin', '/usr/share/qemu/ovmf-x86_64-4m-vars.bin'],
      ...SHARE.map(
        (share) => [`${share}/qemu/edk2-x86_64-code.fd`, `${share}/qemu/edk2-i386-vars.fd`] as const,
      ),
    ],
    seaBios: [
      ...SHARE.map((share) => `${share}/seabios/bios-256k.bin`),
      ...SHARE.map((share) => `${share}/qemu/bios-256k.bin`),
    ],
  };
}
