// SPDX-License-Identifier: Apache-2.0
// Reads one file out of a disk image that is in memory only, as a download is, or the body of a request:
// `curl -s https://example.org/disk.qcow2 | node read-from-qcow2.mjs EFI/BOOT/BOOTX64.EFI > BOOTX64.EFI`.
import { buffer } from 'node:stream/consumers';
import { bytesSource, ImageError, readBytes } from '@latticra/disk-image';
import { openFiles } from '@latticra/disk-image/files';

const [path = 'EFI/BOOT/BOOTX64.EFI'] = process.argv.slice(2);
try {
  const files = openFiles(bytesSource(await buffer(process.stdin)));
  const file = files.find(path).open();
  process.stdout.write(readBytes(file, 0, file.size));
  console.error(`${file.size} bytes, ${[...files.within, files.format].join(', ')}`);
} catch (error) {
  if (!(error instanceof ImageError)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = 1;
}
