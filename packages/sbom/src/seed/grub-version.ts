// SPDX-License-Identifier: Apache-2.0
import { type ByteSource, readBytes } from '@latticra/disk-image';

/** A line of GRUB's modinfo.sh, which its tools put beside its modules or, with them, into an EFI loader. */
const VERSION_LINE = /^grub_package_version="([0-9][\w.+~:-]{0,80})"$/gm;
/** What that file begins its list with: a text that merely quotes the line does not have both. */
const PLATFORM_LINE = /^grub_modinfo_target_cpu=\w+$/m;

/** An EFI loader with all of GRUB's modules in it is smaller. */
const MAX_SOURCE = 16 << 20;

/**
 * Finds the version of GRUB that a file names as its own: the file is modinfo.sh, or holds it. Undefined for a file
 * that names none or several, or is larger than any piece of GRUB.
 */
export function findGrubVersion(source: ByteSource): string | undefined {
  if (source.size > MAX_SOURCE) return undefined;
  const text = Buffer.from(readBytes(source, 0, source.size)).toString('latin1');
  if (!PLATFORM_LINE.test(text)) return undefined;
  const versions = new Set([...text.matchAll(VERSION_LINE)].map(([, version]) => version));
  const [version] = versions;
  return versions.size === 1 ? version : undefined;
}
