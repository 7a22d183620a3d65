// SPDX-License-Identifier: Apache-2.0
import { UUID_NAMESPACE, uuidV5 } from '@latticra/disk-image/gpt';

const NAMESPACE = uuidV5(UUID_NAMESPACE.url, 'urn:latticra:linux-image');

/** The numbers of an image, all derived from what is in it. */
export interface Identity {
  /** Returns a version 5 UUID for `role`. */
  uuid(role: string): string;
  /** Returns 32 bits for `role`, as FAT wants for a serial number. */
  serial(role: string): number;
}

/**
 * Derives the numbers of an image from its kind, its time and the digest of its unified kernel image, which holds kernel,
 * initramfs, command line and the hash of the root.
 */
export function createIdentity(kind: string, epoch: number, authenticode: string): Identity {
  const uuid = (role: string) => uuidV5(NAMESPACE, [kind, role, epoch, authenticode].join('\n'));
  return { uuid, serial: (role) => Number.parseInt(uuid(role).slice(0, 8), 16) };
}
