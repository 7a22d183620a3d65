// SPDX-License-Identifier: Apache-2.0
import { gzipSync } from 'node:zlib';
import { bzImage, cpio, elf, pe, tar } from '../../../packages/disk-image/src/testing/files.js';
import { SIGNATURE } from '../../testing/images.js';

const filesOf = { init: Buffer.from('#!/bin/sh\n'), 'kernel/x86/microcode/a.bin': Buffer.alloc(20) };

/** A file of `size` zeros with these texts in it, by offset. */
function marked(size: number, marks: Readonly<Record<number, string>>): Uint8Array {
  const bytes = Buffer.alloc(size);
  for (const [at, text] of Object.entries(marks)) bytes.write(text, Number(at), 'latin1');
  return bytes;
}

/** Small files of every kind that is told by its content. */
export const SMALL_FILES: readonly Uint8Array[] = [
  bzImage(),
  pe({ signed: true }),
  pe({ sections: { '.linux': bzImage(), '.initrd': cpio(filesOf), '.cmdline': Buffer.from('quiet') } }),
  elf({ multiboot: 1 }),
  elf({ multiboot: 2 }),
  cpio(filesOf),
  Buffer.concat([cpio(filesOf), gzipSync(cpio(filesOf))]),
  gzipSync(cpio(filesOf)),
  gzipSync(tar('a')),
  tar('etc/passwd'),
  Buffer.from(SIGNATURE),
  Buffer.from('-----BEGIN PGP SIGNATURE-----\n\niQ==\n=abcd\n-----END PGP SIGNATURE-----\n'),
  Buffer.from('untrusted comment: minisign\nRWQ=\n'),
  Buffer.from('{"spdxVersion":"SPDX-2.3"}'),
  Buffer.from('<!DOCTYPE html><html></html>'),
  Buffer.from('plain text\n'),
  // File systems, by their marks (offsets as `inspect/file-system.ts` reads them), and images of other emulators.
  marked(8192, { 0: 'XFSB\0\0\x10\0' }),
  marked(8192, { 0: 'hsqs', 28: '\x04\0\0\0' }),
  marked(8192, { 1024: '\xe2\xe1\xf5\xe0' }),
  marked(8192, { 1080: '\x53\xef' }),
  marked(8192, { 0: 'LUKS\xba\xbe\0\x02' }),
  marked(70_000, { 65600: '_BHRfS_M' }),
  marked(4096, { 0: 'KDMV\x01\0\0\0' }),
  marked(4096, { 0: 'vhdxfile' }),
  marked(4096, { 3584: 'conectix' }),
  marked(4096, { 64: '\x7f\x10\xda\xbe', 0: '<<< ' }),
  marked(512, { 0: '# Disk DescriptorFile\nversion=1\ncreateType="monolithicSparse"\n' }),
  Buffer.from('\x28\xb5\x2f\xfd\x24\x03\x10\0\0\x01\x02\x09\0\0\x03\x09\x09\x09\x09', 'latin1'),
  Buffer.from('\xfd7zXZ\0\0\x04\xe6\xd6\xb4\x46', 'latin1'),
];

/** The marks that formats begin with, or have in some place. */
export const MAGICS: readonly string[] = [
  ...[
    '\xfd7zXZ\0',
    '\x28\xb5\x2f\xfd',
    '\x04\x22\x4d\x18',
    '\x02\x21\x4c\x18',
    '\x89LZO',
    'BZh9',
    'LZIP',
    '\x1f\x8b\x08',
    '\x1f\x9d',
  ],
  ...[
    'hsqs',
    'XFSB',
    'LUKS\xba\xbe',
    '_BHRfS_M',
    '\xe2\xe1\xf5\xe0',
    '\x53\xef',
    'SWAPSPACE2',
    'LVM2 001',
    'NTFS    ',
    'EXFAT   ',
  ],
  ...[
    'MZ',
    'PE\0\0',
    '\x7fELF',
    'HdrS',
    '070701',
    '070702',
    '070707',
    'ustar',
    'CD001',
    'EFI PART',
    '\x55\xaa',
    'QFI\xfb',
  ],
  ...[
    'KDMV',
    'vhdxfile',
    'conectix',
    'TRAILER!!!',
    '.linux\0\0',
    '.initrd\0',
    '.osrel\0\0',
    '\xd6\x50\x52\xe8',
    '\x02\xb0\xad\x1b',
  ],
];
