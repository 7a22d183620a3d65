// SPDX-License-Identifier: Apache-2.0
import { type ByteSource, ImageError, type PassOptions, sliceSource } from '@latticra/disk-image';
import { checkErofsInSteps, type ErofsImage, openErofs } from '@latticra/disk-image/erofs';
import { readVeritySuperblock, type VerityFault, verifyVerityInSteps } from '@latticra/disk-image/verity';
import type { HelperConfig } from '@latticra/linux-image';
import { takeSteps } from '../build/turn.js';
import type { BuildRecord } from '../record/schema.js';
import { assertRecorded, refused } from './refuse.js';

const BLOCK = 4096;

type RootRecord = NonNullable<BuildRecord['rootfs']>;

/** What a root is to be: by the record, by the helper's configuration, and by the command line. */
export interface ExpectedRoot {
  readonly record: RootRecord;
  readonly config: HelperConfig;
  readonly commandLine: string;
}

/** Returns the hash on a command line that the root is bound to. @throws LinuxReleaseError for none, or several */
export function rootHashOn(name: string, commandLine: string): string {
  const [hash, second] = commandLine
    .split(' ')
    .flatMap((word) =>
      word.startsWith('latticra.roothash=') ? [word.slice('latticra.roothash='.length)] : [],
    );
  if (hash !== undefined && second === undefined && /^[0-9a-f]{64}$/.test(hash)) return hash;
  throw refused(name, 'its command line has no latticra.roothash=, or several');
}

/** Refuses a configuration of the helper that binds the root to something else than record and command line do. */
export function assertBinding(name: string, { record: { image }, config, commandLine }: ExpectedRoot): void {
  const same = <T extends string | number | undefined>(what: string, found: T, recorded: T) =>
    assertRecorded(name, `${what} in its initramfs`, found, recorded);
  same('the UUID of the root', config.uuid, image.uuid);
  if (config.root === 'plain') {
    same('the hash of the root', undefined, image.verityHash);
    same('the salt of the root', undefined, image.veritySalt);
    same('the size of the root', config.blocks * BLOCK, image.size);
    return;
  }
  same('the hash of the root', config.hash, image.verityHash);
  same('the salt of the root', config.salt, image.veritySalt);
  same('the size of the root', config.total * BLOCK, image.size);
  const onLine = rootHashOn(name, commandLine);
  if (onLine !== config.hash) {
    throw refused(name, `its command line binds the root to ${onLine}, its initramfs to ${config.hash}`);
  }
}

/**
 * Verifies a root against the hash that a system of this command line binds it to, and checks its file system whole.
 * @param name of the image that it is in
 * @param options.onBytes takes how many bytes were read
 * @throws LinuxReleaseError `root-damaged` naming the first block that is not as it was; `record-differs`
 */
export async function checkRoot(
  name: string,
  root: ByteSource,
  { record: { image }, config, commandLine }: ExpectedRoot,
  { onBytes, signal }: PassOptions,
): Promise<ErofsImage> {
  assertRecorded(name, 'the size of its root', root.size, image.size);
  const size = config.blocks * BLOCK;
  if (size > root.size) throw damaged(name, `ends after ${root.size} bytes, in the file system`);
  if (config.root === 'verity') {
    const hash = Buffer.from(rootHashOn(name, commandLine), 'hex');
    const watched = { size: root.size, readInto: counted(root, onBytes) };
    const areas = { data: sliceSource(watched, 0, size), hash: sliceSource(watched, size, root.size - size) };
    const { holds, faults } = await sound(name, 'its hash tree', () =>
      takeSteps(verifyVerityInSteps({ ...areas, rootHash: hash, limit: 1 }), signal),
    );
    if (!holds) throw damaged(name, describeFault(faults[0]));
    const superblock = await sound(name, 'its hash tree', () => readVeritySuperblock(areas.hash));
    assertRecorded(name, 'the UUID of its root', superblock.uuid, image.uuid);
    assertRecorded(
      name,
      'the salt of its root',
      Buffer.from(superblock.salt).toString('hex'),
      image.veritySalt,
    );
    assertRecorded(name, 'the size of its file system', superblock.dataBlocks * BLOCK, size);
  }
  const erofs = await sound(name, 'its file system', async () => {
    const source = sliceSource(root, 0, size);
    await takeSteps(checkErofsInSteps(source), signal);
    return openErofs(source);
  });
  if (config.root === 'plain') assertRecorded(name, 'the UUID of its root', erofs.uuid, image.uuid);
  assertRecorded(name, 'the size of its file system', erofs.size, size);
  assertRecorded(name, 'the number of inodes of its root', erofs.inodes, image.inodes);
  return erofs;
}

const damaged = (name: string, what: string, cause?: unknown) =>
  refused(name, `the root in it: ${what}`, { code: 'root-damaged', ...(cause !== undefined && { cause }) });

const describeFault = (fault: VerityFault | undefined) =>
  fault === undefined
    ? 'its hash tree does not cover it'
    : `${fault.kind} block ${fault.block} is not what the hash on the command line stands for`;

async function sound<T>(name: string, what: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    throw cause instanceof ImageError ? damaged(name, `${what}: ${cause.message}`, cause) : cause;
  }
}

function counted(source: ByteSource, onBytes: (count: number) => void): ByteSource['readInto'] {
  return (into, offset) => {
    source.readInto(into, offset);
    onBytes(into.length);
  };
}
