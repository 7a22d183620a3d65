// SPDX-License-Identifier: Apache-2.0
import { bytesSource, layoutSource } from '@latticra/disk-image';
import { addSections } from '@latticra/disk-image/pe';
import { expect } from 'vitest';
import { linuxKernel } from '../../../../tools/testing/linux.js';
import { PE_AT } from '../../../../tools/testing/pe.js';
import { itWith } from '../../../../tools/testing/tools.js';
import { BOOT_TOOLS, bootProgram } from '../testing/boot.js';
import { STUB_ERRORS } from './errors.js';
import { UEFI_STUB } from './stub.js';

/** Puts sections behind the stub without a look at what is in them. */
function stubWith(sections: Readonly<Record<string, string | Uint8Array>>) {
  const added = Object.entries(sections).map(([name, content]) => ({
    name,
    content: bytesSource(Buffer.from(content)),
  }));
  return layoutSource(addSections(UEFI_STUB, added).layout);
}

/** A kernel whose image takes nearly 2 GiB of memory. */
function hugeKernel(): Buffer {
  const bytes = linuxKernel();
  bytes.writeUInt32LE(0x7fff_0000, PE_AT.imageSize);
  return bytes;
}

/** A kernel with a section that ends after its image. */
function looseKernel(): Buffer {
  const bytes = linuxKernel();
  bytes.writeUInt32LE(0x1_0000, PE_AT.sectionTable + 8);
  return bytes;
}

/** mov $0x8000000000000003, %rax; ret: the firmware's word for what is not supported. */
const RETURN_UNSUPPORTED = Buffer.from('48b80300000000000080c3', 'hex');

/**
 * lea image(%rip), %rax; and $0x1fffff, %eax; bts $63, %rax; ret: how far from a multiple of 2 MiB it was loaded, as an
 * error.
 */
const RETURN_PLACE = Buffer.from('488d05f9efffff25ffff1f00480fbae83fc3', 'hex');

/** A kernel that wants to lie at a multiple of 2 MiB. */
function alignedKernel(): Buffer {
  const bytes = linuxKernel('6.1', RETURN_PLACE);
  bytes.writeUInt32LE(2 << 20, PE_AT.sectionAlignment);
  return bytes;
}
const other = { '.cmdline': 'quiet', '.initrd': 'initrd' };

const CASES: readonly [
  what: string,
  value: number,
  sections: Parameters<typeof stubWith>[0],
  status: string,
][] = [
  ['no initramfs behind it', 0x61, { '.linux': linuxKernel(), '.cmdline': 'quiet' }, ''],
  ['a long command line', 0x62, { ...other, '.linux': linuxKernel(), '.cmdline': 'a'.repeat(2048) }, ''],
  ['a command line beyond ASCII', 0x62, { ...other, '.linux': linuxKernel(), '.cmdline': 'é' }, ''],
  ['a text as kernel', 0x63, { ...other, '.linux': 'x'.repeat(5000) }, ''],
  ['a kernel with a section outside its image', 0x63, { ...other, '.linux': looseKernel() }, ''],
  ['a kernel larger than memory', 0x64, { ...other, '.linux': hugeKernel() }, ', status 0x8000000000000009'],
  [
    'a kernel that comes back from where it wanted to lie',
    0x66,
    { ...other, '.linux': alignedKernel() },
    ', status 0x8000000000000000',
  ],
  [
    'a kernel that comes back',
    0x66,
    { ...other, '.linux': linuxKernel('6.1', RETURN_UNSUPPORTED) },
    ', status 0x8000000000000003',
  ],
];

for (const [what, value, sections, status] of CASES) {
  itWith(BOOT_TOOLS, `the stub with ${what} ends the machine, and says why`, async () => {
    const { exitCode, lines } = await bootProgram(stubWith(sections), false, 128);
    const text = STUB_ERRORS.find((error) => error.value === value)?.text;
    expect(lines).toContain('LATTICRA_LOADER uefi');
    // Written to COM1 by the stub, and shown on the console, which of this firmware is on COM1 too.
    const said = lines.filter((line) => line === `LATTICRA_LOADER_ERROR ${text}${status}`);
    expect(said, lines.join('\n')).toHaveLength(2);
    expect(exitCode).toBe((value << 1) | 1);
  });
}
