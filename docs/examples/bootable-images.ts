// SPDX-License-Identifier: Apache-2.0
// Makes an ISO and a qcow2 disk that start one's own kernel (Multiboot 2), by BIOS and by UEFI, with nothing but Node:
// `node bootable-images.mjs kernel.elf out`. The same kernel gives the same bytes.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildBootDisk, buildBootIso } from '@latticra/boot-seed';
import { writeLayout } from '@latticra/disk-image';
import { encodeQcow2 } from '@latticra/disk-image/qcow2';

const [kernelPath = 'kernel.elf', folder = 'out'] = process.argv.slice(2);
const kernel = await readFile(kernelPath);
const options = { kernel, epoch: Number(process.env.SOURCE_DATE_EPOCH ?? 0) };

await mkdir(folder, { recursive: true });
const iso = buildBootIso(options);
await writeLayout(join(folder, 'kernel.iso'), iso);

// A disk of 64 GiB costs what is on it.
const { disk } = buildBootDisk({ ...options, size: 64 * 2 ** 30 });
const file = encodeQcow2(disk);
await writeLayout(join(folder, 'kernel.qcow2'), file);
console.log(`kernel.iso ${iso.size} bytes, kernel.qcow2 ${file.size} bytes for a disk of ${disk.size}`);
