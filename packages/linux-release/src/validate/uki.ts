// SPDX-License-Identifier: Apache-2.0
import { type ByteSource, type PassOptions, sliceSource, sumOf } from '@latticra/disk-image';
import {
  type JoinedInitramfs,
  type LinuxKernelFile,
  ownParts,
  readJoinedInitramfs,
  readLinuxKernel,
  readUki,
  type Uki,
} from '@latticra/linux-image';
import { composeCommandLine } from '../build/command-line.js';
import { LinuxReleaseError } from '../error.js';
import { RELEASE_FILE } from '../record/names.js';
import type { HeldRelease } from './hold.js';
import { assertRecorded, refused } from './refuse.js';

const NAME = RELEASE_FILE.uki;
/** More bytes than signatures add to a file. */
const MOST_SIGNATURES = 1 << 20;
const OTHER_VERSION = { fix: 'validate it with the version that built it, which the record names' };

/** What was found in the unified kernel image of a release. */
export interface FoundUki {
  readonly source: ByteSource;
  readonly facts: Uki;
  readonly kernel: ByteSource;
  readonly kernelFile: LinuxKernelFile;
  /** The initramfs as it was given. */
  readonly initramfs: ByteSource;
  /** What was appended to it; undefined for a system without a root. */
  readonly joined: JoinedInitramfs | undefined;
}

/**
 * Takes the unified kernel image of a release apart, and holds what is in it against the record: kernel, initramfs, command
 * line, digests. Stub and helper have to be this version's.
 * @throws LinuxReleaseError `record-differs`; LinuxImageError for an image that is damaged
 */
export async function checkUki({ record, source }: HeldRelease, options: PassOptions): Promise<FoundUki> {
  const file = source(NAME);
  // Before all of it is read: a file may have any length. One that was signed is named as that below.
  if (file.size > record.uki.size + MOST_SIGNATURES)
    assertRecorded(NAME, 'its size', file.size, record.uki.size);
  const facts = readUki(file);
  const same = <T extends string | number | undefined>(what: string, found: T, recorded: T) =>
    assertRecorded(NAME, what, found, recorded);
  if (facts.signatures > 0) throw refused(NAME, 'carries a signature: what is recorded as unsigned has none');
  assertOwnParts(facts, record);
  const kernel = sliceSource(file, facts.kernel.offset, facts.kernel.size);
  const kernelFile = readLinuxKernel(kernel);
  same('the digest of its kernel', facts.kernel.sha256, record.kernel.sha256);
  same('the version of its kernel', kernelFile.version, record.kernel.version);
  same('the release of its kernel', kernelFile.release, record.kernel.release);
  same('the boot protocol of its kernel', kernelFile.protocol, record.kernel.protocol);
  same('the digest of its initramfs', facts.initrd.sha256, record.initramfs.joinedSha256);
  same('its command line', facts.commandLine, record.commandLine);
  same('the digest that a signature is over', facts.authenticode, record.authenticode);
  assertComposed(record);
  const initrd = sliceSource(file, facts.initrd.offset, facts.initrd.size);
  const { size } = record.initramfs;
  if (size > initrd.size)
    throw refused(NAME, `its initramfs has ${initrd.size} bytes, and ${size} were given`);
  const initramfs = sliceSource(initrd, 0, size);
  same(
    'the digest of the initramfs that was given',
    await sumOf(initramfs, options),
    record.initramfs.sha256,
  );
  if (record.rootfs === undefined) {
    same('the size of its initramfs', initrd.size, size);
    same('what was appended to its initramfs', undefined, record.initramfs.appendedSha256);
    return { source: file, facts, kernel, kernelFile, initramfs, joined: undefined };
  }
  const joined = readJoinedInitramfs(initrd, size);
  if (!joined.isOwnHelper)
    throw refused(NAME, 'the helper in its initramfs is not the one of this version', OTHER_VERSION);
  const appended = await sumOf(sliceSource(initrd, size, initrd.size - size), options);
  same('the digest of what was appended to its initramfs', appended, record.initramfs.appendedSha256);
  return { source: file, facts, kernel, kernelFile, initramfs, joined };
}

function assertOwnParts({ stubIsOurs, stubSha256 }: Uki, record: HeldRelease['record']): void {
  if (!stubIsOurs) throw refused(NAME, 'its stub is not the one of this version', OTHER_VERSION);
  const own = ownParts();
  const parts = [
    ['uefi_stub_sha256', stubSha256, record.stubSha256],
    ['bios_master_boot_sha256', own.masterBoot, record.masterBootSha256],
    ['bios_loader_sha256', own.biosLoader, record.biosLoaderSha256],
    ['initramfs_helper_sha256', own.helper, record.helperSha256],
  ] as const;
  for (const [key, found, recorded] of parts) {
    if (found === recorded) continue;
    throw refused(RELEASE_FILE.record, `${key} is ${recorded}, this version has ${found}`, OTHER_VERSION);
  }
}

/** Refuses a command line that no build makes of what the record says: the hash of the root and the build id are on it. */
function assertComposed(record: HeldRelease['record']): void {
  const composed = compose(record);
  assertRecorded(RELEASE_FILE.record, 'the command line of what was given', composed, record.commandLine);
}

function compose(record: HeldRelease['record']): string {
  try {
    return composeCommandLine({
      given: record.givenCommandLine ?? '',
      buildId: record.buildId,
      rootHash: record.rootfs?.image.verityHash,
      hasRoot: record.rootfs !== undefined,
    });
  } catch (cause) {
    throw cause instanceof LinuxReleaseError ? refused(RELEASE_FILE.record, cause.message, { cause }) : cause;
  }
}
