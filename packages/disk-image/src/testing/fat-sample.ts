// SPDX-License-Identifier: Apache-2.0
/** Volumes for the tests, and what is in them. */
import fc from 'fast-check';
import { createFat, type FatOptions, type FatReader } from '../fat/index.js';
import { foldName, nameFault } from '../fat/long-name.js';
import { layoutSource } from '../layout/layout.js';
import { type ByteSource, bytesSource, readBytes } from '../layout/source.js';

const KIB = 1024;

/** One small volume of each type. */
export const SHAPES = [
  { size: 256 * KIB },
  { size: 3072 * KIB, type: 16, sectorsPerCluster: 1 },
  { size: 34 * KIB * KIB, type: 32, sectorsPerCluster: 1 },
] as const satisfies Partial<FatOptions>[];

/** Files by path. */
export type Tree = ReadonlyMap<string, Uint8Array>;

export const optionsFor = (tree: Tree, more: Partial<FatOptions> & { size: number }): FatOptions => ({
  volumeId: 0x1a771ca0,
  timestamp: 1_700_000_001,
  files: [...tree].map(([path, bytes]) => ({ path, content: bytesSource(bytes) })),
  ...more,
});

/** A tree that has something of everything: deep, long, mixed case, not ASCII, empty, larger than a cluster. */
export const SAMPLE: Tree = new Map([
  ['EFI/BOOT/BOOTX64.EFI', Buffer.alloc(5000, 'efi')],
  ['EFI/BOOT/grub.cfg', Buffer.from('menu')],
  ['A long name, and a space.text', Buffer.alloc(1024, 'a')],
  ['A long name, another.text', Buffer.from('b')],
  ['Mixed.Txt', new Uint8Array()],
  ['größe/deep/er/.profile', Buffer.alloc(513, 'p')],
]);

export const sampleSource = (shape: Partial<FatOptions> & { size: number }): ByteSource =>
  layoutSource(createFat(optionsFor(SAMPLE, { ...shape, label: 'SAMPLE', folders: ['empty'] })).layout);

const name = fc
  .oneof(
    fc.string({
      unit: fc.constantFrom('a', 'B', '7', '.', ' ', '~', '+', 'é', '😀', 'ß'),
      minLength: 1,
      maxLength: 14,
    }),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }),
    fc.constantFrom(
      'KERNEL.ELF',
      'boot',
      'Longer name 1.txt',
      'longer name 2.txt',
      'LONGER~1.TXT',
      'x'.repeat(255),
    ),
  )
  .filter((text) => nameFault(text) === undefined);

/** Trees of up to 25 files in up to four levels, without paths that clash. */
export const trees: fc.Arbitrary<Tree> = fc
  .array(fc.tuple(fc.array(name, { minLength: 1, maxLength: 4 }), fc.uint8Array({ maxLength: 1500 })), {
    maxLength: 25,
  })
  .map((all) => {
    /** Folded path to the spelling that came first, for folders; files get ''. */
    const seen = new Map<string, string>();
    const tree = new Map<string, Uint8Array>();
    for (const [names, bytes] of all) {
      const paths = names.map((_, index) => names.slice(0, index + 1).join('/'));
      const folders = paths.slice(0, -1);
      const path = paths.at(-1) ?? '';
      if (
        seen.has(foldName(path)) ||
        folders.some((folder) => (seen.get(foldName(folder)) ?? folder) !== folder)
      )
        continue;
      for (const folder of folders) seen.set(foldName(folder), folder);
      seen.set(foldName(path), '');
      tree.set(path, bytes);
    }
    return tree;
  });

/** Every file of a volume. */
export function readTree(reader: FatReader, folder = ''): Map<string, Uint8Array> {
  const tree = new Map<string, Uint8Array>();
  for (const entry of reader.list(folder)) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.kind === 'folder') for (const [inner, bytes] of readTree(reader, path)) tree.set(inner, bytes);
    else tree.set(path, readBytes(reader.open(path), 0, entry.size));
  }
  return tree;
}

/** A tree as something that can be compared: paths and contents, ordered. */
export const sorted = (tree: Tree) =>
  [...tree].map(([path, bytes]) => `${JSON.stringify(path)} ${Buffer.from(bytes).toString('hex')}`).sort();
