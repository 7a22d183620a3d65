// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { DEBIAN_KERNELS } from '../../../../tools/testing/debian-kernels.js';
import { peProgram } from '../../../../tools/testing/pe.js';
import { itWith } from '../../../../tools/testing/tools.js';
import { layoutSource } from '../layout/layout.js';
import { bytesSource } from '../layout/source.js';
import { examine, inFolder, output, writeImage } from '../testing/run.js';
import {
  addSections,
  authenticodeDigest,
  openPe,
  peChecksum,
  readCertificates,
  readSignedDigest,
  removeSignature,
} from './index.js';

const KERNEL = DEBIAN_KERNELS['linux-image-cloud-amd64'];
const GRUB = '/usr/lib/grub/x86_64-efi/monolithic/grubx64.efi';

itWith(
  [KERNEL],
  'the digest of a kernel that Debian signed is the one in the signature, and its check sum is right',
  () => {
    const source = bytesSource(readFileSync(KERNEL));
    const image = openPe(source);
    const signatures = readCertificates(source, image);
    expect(signatures.length).toBeGreaterThan(0);
    const digest = authenticodeDigest(source, image);
    for (const { der } of signatures) expect(readSignedDigest(der)).toBe(digest);
    expect(image.checksum).toBe(peChecksum(source, image));
    const bare = layoutSource(removeSignature(source, image));
    expect(authenticodeDigest(bare, openPe(bare))).toBe(digest);
  },
);

itWith(
  ['objdump', 'objcopy', GRUB],
  'binutils finds the sections that are added to a program of GRUB, and takes them out',
  () =>
    inFolder((folder) => {
      const content = Buffer.from('what is added');
      const { layout } = addSections(readFileSync(GRUB), [{ name: '.added', content: bytesSource(content) }]);
      const path = writeImage(join(folder, 'program.efi'), layout);
      expect(output('objdump', '-h', path).toString()).toMatch(/\.added +0000000d /);
      const taken = join(folder, 'added');
      output('objcopy', '--dump-section', `.added=${taken}`, path, join(folder, 'copy.efi'));
      expect(readFileSync(taken)).toEqual(content);
    }),
);

itWith(
  ['sbsign', 'sbverify', 'sbattach', 'openssl'],
  'what sbsign signs is over our digest, whatever the length of the program',
  () =>
    inFolder((folder) => {
      const file = (name: string) => join(folder, name);
      const request = [
        'req',
        '-new',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-subj',
        '/CN=test/',
        '-days',
        '1',
      ];
      expect(
        examine('openssl', ...request, '-keyout', file('key'), '-out', file('certificate')),
      ).toMatchObject({ code: 0 });
      for (const overlay of [0, 1, 3, 8]) {
        const source = bytesSource(peProgram({ sections: { '.data': Buffer.alloc(5000, 1) }, overlay }));
        const plain = writeImage(file(`${overlay}.efi`), {
          size: source.size,
          extents: [{ offset: 0, source }],
        });
        const target = file(`${overlay}.signed.efi`);
        expect(
          examine('sbsign', '--key', file('key'), '--cert', file('certificate'), '--output', target, plain),
        ).toMatchObject({ code: 0 });
        expect(examine('sbverify', '--cert', file('certificate'), target)).toMatchObject({ code: 0 });
        const signed = bytesSource(readFileSync(target));
        const image = openPe(signed);
        const digest = authenticodeDigest(source, openPe(source));
        expect(readCertificates(signed, image).map(({ der }) => readSignedDigest(der))).toEqual([digest]);
        expect(image.checksum).toBe(peChecksum(signed, image));
        expect(examine('sbattach', '--remove', target)).toMatchObject({ code: 0 });
        const bare = writeImage(file(`${overlay}.bare.efi`), removeSignature(signed, image));
        expect(Buffer.compare(readFileSync(bare), readFileSync(target))).toBe(0);
      }
    }),
);
