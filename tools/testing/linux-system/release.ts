// SPDX-License-Identifier: Apache-2.0
/** What programs of others say of the files of a release. */
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** What a test of a release's files needs. */
export const RELEASE_TOOLS = [
  ...[
    'qemu-img',
    'sgdisk',
    'fsck.vfat',
    'fsck.erofs',
    'veritysetup',
    'xorriso',
    'mcopy',
    'objdump',
    'sbverify',
  ],
];

const PATH = `${process.env.PATH}:/usr/sbin:/sbin`;

/** Runs a program to its end, and returns all it wrote. Throws with that when it did not end with one of `statuses`. */
export function said(program: string, args: readonly string[], statuses: readonly number[] = [0]): string {
  try {
    const options = { encoding: 'utf8', env: { PATH, LC_ALL: 'C', MTOOLS_SKIP_CHECK: '1' } } as const;
    return execFileSync('sh', ['-c', '"$0" "$@" 2>&1', program, ...args], options);
  } catch (error) {
    const { status, stdout } = error as { status: number; stdout: string };
    if (statuses.includes(status)) return stdout;
    throw new Error(`${program} ended with ${status}: ${stdout}`);
  }
}

/** Copies a range of a file into a new one. */
export function carve(from: string, offset: number, size: number, to: string): string {
  const [input, output] = [openSync(from, 'r'), openSync(to, 'w')];
  const piece = Buffer.alloc(1 << 20);
  for (let done = 0; done < size; ) {
    const count = readSync(input, piece, 0, Math.min(piece.length, size - done), offset + done);
    if (count === 0) throw new Error(`${from} ends within ${to}`);
    done += writeSync(output, piece, 0, count);
  }
  closeSync(input);
  closeSync(output);
  return to;
}

/** Where a partition of a GPT lies, as sgdisk says. */
export function partition(image: string, name: string): { readonly offset: number; readonly size: number } {
  for (let number = 1; number <= 4; number++) {
    const text = said('sgdisk', [`-i${number}`, image]);
    if (!text.includes(`'${name}'`)) continue;
    const value = (pattern: RegExp) => Number(pattern.exec(text)?.[1]);
    return {
      offset: value(/^First sector: (\d+)/m) * 512,
      size: value(/^Partition size: (\d+) sectors/m) * 512,
    };
  }
  throw new Error(`${image} has no partition called ${name}`);
}

/** What others say of a release: each value is what a test compares. */
export interface OutsideView {
  readonly qemuImg: string;
  readonly gptOfDisk: string;
  readonly gptOfIso: string;
  readonly elTorito: string;
  readonly erofs: string;
  readonly isUkiOnEsp: boolean;
  readonly fat: string;
  readonly sections: string;
  readonly signature: string;
}

/**
 * Looks at a release through other programs: root and EFI system partition are taken out of the disk as sgdisk finds
 * them. Throws where one of the programs finds a fault; veritysetup has to find the root sound under `rootHash`.
 * @param folder a private one, for what is taken out
 */
export function lookFromOutside(release: string, rootHash: string, folder: string): OutsideView {
  const [iso, qcow2] = ['iso', 'qcow2'].map((format) => join(release, `latticra-x86_64.${format}`)) as [
    string,
    string,
  ];
  const raw = join(folder, 'disk.raw');
  const qemuImg = said('qemu-img', ['check', qcow2]);
  said('qemu-img', ['convert', '-O', 'raw', qcow2, raw]);
  const views = [raw, iso].map((image, index) => {
    const place = (name: string, file: string) => {
      const { offset, size } = partition(image, name);
      return carve(image, offset, size, join(folder, `${index}-${file}`));
    };
    const root = place('Latticra root', 'root.img');
    const esp = place('EFI system partition', 'esp.img');
    const blocks = readFileSync(root).readUInt32LE(1024 + 36);
    said('veritysetup', ['verify', root, root, rootHash, `--hash-offset=${blocks * 4096}`]);
    const efi = join(folder, `${index}.efi`);
    said('mcopy', ['-n', '-i', esp, '::/EFI/BOOT/BOOTX64.EFI', efi]);
    return {
      erofs: said('fsck.erofs', [root]),
      fat: said('fsck.vfat', ['-n', esp]),
      isUkiOnEsp: readFileSync(efi).equals(readFileSync(join(release, 'latticra.efi'))),
    };
  });
  const uki = join(release, 'latticra.efi');
  return {
    qemuImg,
    gptOfDisk: said('sgdisk', ['-v', raw]),
    gptOfIso: said('sgdisk', ['-v', iso]),
    elTorito: said('xorriso', ['-indev', iso, '-report_el_torito', 'plain']),
    erofs: views.map(({ erofs }) => erofs).join(''),
    fat: views.map(({ fat }) => fat).join(''),
    isUkiOnEsp: views.every(({ isUkiOnEsp }) => isUkiOnEsp),
    sections: said('objdump', ['-h', uki]),
    signature: said('sbverify', ['--list', uki], [0, 1]),
  };
}

/** Changes one bit of a raw image. */
export function flipBit(image: string, offset: number): void {
  const bytes = readFileSync(image);
  bytes[offset] = (bytes[offset] ?? 0) ^ 1;
  writeFileSync(image, bytes);
}
