// SPDX-License-Identifier: Apache-2.0
import type { SbomPackage } from '../build/input.js';

/** Firmware that machines are started with here, and the licence that its authors declare. */
const FIRMWARE = {
  ovmf: { name: 'OVMF', licence: 'BSD-2-Clause-Patent' },
  seabios: { name: 'SeaBIOS', licence: 'LGPL-3.0-only' },
} as const;

/** A firmware image that was used. */
export interface FirmwareUse {
  readonly kind: keyof typeof FIRMWARE;
  /** Of the file, in lower-case hexadecimal. */
  readonly sha256: string;
  /** Where it is known. */
  readonly version?: string;
}

/** Makes a package of one file for the firmware of a machine, known by its digest. */
export function firmwarePackage({ kind, sha256, version }: FirmwareUse): SbomPackage {
  const { name, licence } = FIRMWARE[kind];
  return {
    id: `Package-${kind}-${sha256.slice(0, 16)}`,
    name,
    ...(version !== undefined && { version }),
    purpose: 'FIRMWARE',
    declaredLicence: licence,
    purl: `pkg:generic/${kind}${version === undefined ? '' : `@${encodeURIComponent(version)}`}`,
    sha256,
    comment: 'firmware that the image was started with, and no part of it',
  };
}
