// SPDX-License-Identifier: Apache-2.0
import type { ByteSource } from '../layout/source.js';
import type { Architecture } from '../pe/architecture.js';
import { describePe } from '../pe/describe.js';
import type { PeSection } from '../pe/pe.js';

/** A program in Microsoft's PE format, as UEFI starts it. */
export interface PeProgram {
  readonly architecture: Architecture;
  /** Made for UEFI: an application, a driver, or firmware of its own. */
  readonly efi: boolean;
  /** It carries a table of certificates; whose, and whether they hold, is not looked at. */
  readonly signed: boolean;
  readonly sections: readonly PeSection[];
}

/** Subsystems of UEFI: application, boot driver, runtime driver, ROM. */
const EFI_SUBSYSTEMS = [10, 11, 12, 13];

/**
 * Reads the headers of a PE program; undefined for what is none.
 * @throws ImageError `truncated` when the file ends before a section or the certificates, `corrupt` for sizes that
 * contradict each other
 */
export function readPe(source: ByteSource): PeProgram | undefined {
  const headers = describePe(source);
  if (!headers) return undefined;
  const { architecture, subsystem, certificates, sections } = headers;
  const efi = EFI_SUBSYSTEMS.includes(subsystem);
  return { architecture, efi, signed: certificates !== undefined, sections };
}
