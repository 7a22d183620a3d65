// SPDX-License-Identifier: Apache-2.0
/**
 * A process of its own, for a test to see how much memory it takes: writes a disk of 64 GiB as qcow2 and one of
 * 5 GiB as it is into the folder that it is given, opens both again from disk, and prints its peak in KiB.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type ByteSource, fileSource, layoutChunks, readBytes } from '@latticra/disk-image';
import { openFat } from '@latticra/disk-image/fat';
import { GPT_TYPE, partitionSource, readGpt } from '@latticra/disk-image/gpt';
import { checkQcow2, encodeQcow2, openQcow2 } from '@latticra/disk-image/qcow2';
import { withStableFile, writeFileAtomic } from '@latticra/held-files';
import { buildBootDisk } from '../image/disk.js';
import { IMAGE_PATH } from '../image/names.js';
import { PREBUILT_PARTS } from '../seed/parts.js';

const GIB = 2 ** 30;
const { kernel } = PREBUILT_PARTS;

/** Reads both tables of the disk, at its ends, and the file system in between. */
function inspect(disk: ByteSource, size: number): void {
  assert.equal(disk.size, size);
  const esp = readGpt(disk).partitions.find(({ typeGuid }) => typeGuid === GPT_TYPE.efiSystem);
  assert(esp);
  const found = openFat(partitionSource(disk, esp)).open(IMAGE_PATH.kernel);
  assert.deepEqual(Buffer.from(readBytes(found, 0, found.size)), Buffer.from(kernel));
}

async function work(folder: string): Promise<void> {
  const qcow2 = join(folder, 'disk.qcow2');
  const huge = buildBootDisk({ kernel, size: 64 * GIB }).disk;
  await writeFileAtomic(qcow2, layoutChunks(encodeQcow2(huge)));
  await withStableFile(qcow2, ({ fd, size }) => {
    assert.deepEqual(checkQcow2(fileSource(fd, size)).problems, []);
    inspect(openQcow2(fileSource(fd, size)), 64 * GIB);
  });
  const raw = join(folder, 'disk.raw');
  await writeFileAtomic(raw, layoutChunks(buildBootDisk({ kernel, size: 5 * GIB }).disk));
  await withStableFile(raw, ({ fd, size }) => inspect(fileSource(fd, size), 5 * GIB));
}

work(process.argv[2] ?? '').then(
  () => process.stdout.write(`${process.resourceUsage().maxRSS}\n`),
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 1;
  },
);
