// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ByteSource, bytesSource, readBytes, sliceSource } from '../layout/source.js';
import { viewOf } from '../layout/view.js';
import { patched, tolerate } from '../testing/damage.js';
import { buildIso, readIso } from '../testing/iso.js';
import { openIso } from './index.js';

const SECTOR = 2048;
const refusal = (code: string) => expect.objectContaining({ code });

describe('openIso', () => {
  const long = 'n'.repeat(200);
  const { plan, image } = buildIso(
    { 'folder/file.txt': 100, [long]: 10, boot: 2048 },
    { boot: [{ platform: 'bios', path: 'boot', loadSectors: 4 }], folders: ['other'] },
  );
  const bytes = readBytes(image, 0, image.size);
  const opened = openIso(image);
  const PVD = 16 * SECTOR;
  const root = opened.root.extents[0]?.offset ?? 0;
  const folder = opened.find('folder').extents[0]?.offset ?? 0;
  const catalog = plan.bootCatalog?.offset ?? 0;
  const view = viewOf(bytes);
  /** Finds where the record of an identifier stands in a directory. */
  const record = (directory: number, identifier: string): number => {
    for (let at = directory; bytes[at]; at += bytes[at] ?? 0) {
      const name = Buffer.from(bytes.subarray(at + 33, at + 33 + (bytes[at + 32] ?? 0)));
      if (name.toString('latin1') === identifier) return at;
    }
    throw new TypeError(`no ${identifier}`);
  };
  const both = (offset: number, value: number): [number, number][] =>
    [0, 8, 16, 24].flatMap((shift, index) => [
      [offset + index, (value >>> shift) & 0xff],
      [offset + 7 - index, (value >>> shift) & 0xff],
    ]);
  const FOLDER = record(root, 'FOLDER');
  const FILE = record(folder, 'FILE.TXT;1');
  const LONG = record(root, `${'N'.repeat(30)}.;1`);
  /** The CE entry at the end of the record with the long name. */
  const CE = bytes.indexOf(0x43, LONG + 33 + 33 + 36 + 26);
  const continuation = view.getUint32(CE + 4, true) * SECTOR + view.getUint32(CE + 12, true);

  it('files are found by path: real names exactly, plain names in any case', () => {
    expect(opened.find('folder/file.txt').size).toBe(100);
    expect(() => opened.find('FOLDER/file.txt')).toThrow(refusal('not-found'));
    expect(() => opened.find('boot/x')).toThrow(refusal('not-found'));
    expect(() => opened.open(opened.find('folder'))).toThrow(refusal('not-found'));
    expect(() => opened.list(opened.find('boot'))).toThrow(refusal('not-found'));
    // Without SP in the root's own record there are no System Use areas.
    const plain = openIso(patched(image, [[root + 34, 0]]));
    expect(plain.rockRidge).toBe(false);
    expect(plain.find('Folder/file.TXT').size).toBe(100);
  });

  /** Reads all that there is: boot catalog, folders, files. */
  const readWhole = (source: ByteSource) => {
    const iso = openIso(source);
    return [iso.boot, readIso(iso)];
  };

  it('the files beside a damaged boot catalog are read', () => {
    const iso = openIso(patched(image, [[catalog + 4, 1]]));
    expect(Object.keys(readIso(iso))).toContain('folder/file.txt');
    expect(() => iso.boot).toThrow(refusal('corrupt'));
  });

  it.each([
    ['unit', 26],
    ['gap', 27],
  ])('a file with an interleave %s size is listed, and not opened', (_, offset) => {
    const iso = openIso(patched(image, [[FILE + offset, 1]]));
    expect(iso.find('folder/file.txt').kind).toBe('other');
    expect(() => iso.open(iso.find('folder/file.txt'))).toThrow(refusal('unsupported'));
    expect(Object.keys(readIso(openIso(image)))).toContain(long);
  });

  it('numbers that nothing depends on are not looked at', () => {
    const odd = [PVD + 124, PVD + 132, FILE + 28].map((at): [number, number] => [at, 99]);
    expect(Object.keys(readIso(openIso(patched(image, odd))))).toContain('folder/file.txt');
  });

  const damages: [string, string, string, [number, number][]][] = [
    ['no descriptor', 'bad-magic', 'sector 16 holds no', [[PVD + 1, 0]]],
    ['a broken second descriptor', 'corrupt', 'sector 17 holds no', [[PVD + SECTOR + 1, 0]]],
    ['no primary descriptor', 'corrupt', 'no primary', [[PVD, 3]]],
    [
      'blocks of 512 bytes',
      'unsupported',
      'blocks of 512',
      [
        [PVD + 129, 2],
        [PVD + 130, 2],
      ],
    ],
    ['block sizes that disagree', 'corrupt', 'block size is', [[PVD + 129, 2]]],
    [
      'a volume set',
      'unsupported',
      'of 2 volumes',
      [
        [PVD + 120, 2],
        [PVD + 123, 2],
      ],
    ],
    ['volume sizes that disagree', 'corrupt', 'volume space size is', [[PVD + 80, 1]]],
    ['a volume longer than its image', 'truncated', 'the image only', both(PVD + 80, 0xffffffff)],
    ['a root that is a file', 'corrupt', 'not of a directory', [[PVD + 156 + 25, 0]]],
    ['a root outside', 'corrupt', 'outside the volume', both(PVD + 158, 0x7fffffff)],
    ['a root of 4 GiB', 'corrupt', 'outside the volume', both(PVD + 166, 0xffffffff)],
    [
      'a root where no directory is',
      'corrupt',
      'root directory, record',
      both(PVD + 158, (plan.files.get(long)?.offset ?? 0) / SECTOR),
    ],
    ['an extent outside', 'corrupt', 'outside the volume', both(FILE + 2, image.size / SECTOR)],
    ['a huge file', 'corrupt', 'outside the volume', both(FILE + 10, 0xffffffff)],
    ['sizes that disagree', 'corrupt', 'data length is', [[FILE + 10, 1]]],
    ['a last section that is missing', 'corrupt', 'between two sections', [[FILE + 25, 0x80]]],
    [
      'a section of another file',
      'corrupt',
      'the last section',
      [
        [LONG + 25, 0x80],
        [FOLDER + 25, 0x82],
      ],
    ],
    ['a record of length zero, and more', 'corrupt', 'has length 0', [[FILE, 0]]],
    ['a record shorter than its fields', 'corrupt', 'has length 33', [[FILE, 33]]],
    ['a name longer than its record', 'corrupt', 'its name 255', [[FILE + 32, 255]]],
    ['a record without a name', 'corrupt', 'its name 0', [[FILE + 32, 0]]],
    ['no record of the folder itself', 'corrupt', 'does not begin with', [[folder + 33, 1]]],
    ['a folder that contains itself', 'corrupt', 'second time', both(FOLDER + 2, root / SECTOR)],
    [
      'a folder in place of another',
      'corrupt',
      'second time',
      both(record(root, 'OTHER') + 2, folder / SECTOR),
    ],
    ['an entry longer than its area', 'corrupt', 'entry of 250', [[LONG + 33 + 33 + 2, 250]]],
    ['an entry of length zero', 'corrupt', 'entry of 0', [[LONG + 33 + 33 + 2, 0]]],
    ['a mode that disagrees', 'corrupt', 'file mode is', [[LONG + 33 + 33 + 4, 0]]],
    ['a continuation outside', 'truncated', 'continuation of', both(CE + 4, 0x00ffffff)],
    ['a continuation without measure', 'unsupported', 'continues for', both(CE + 20, 0x20000)],
    ['a name with a slash', 'corrupt', 'which no file can have', [[continuation + 5, 0x2f]]],
    ['a wrong catalog checksum', 'corrupt', 'valid entry', [[catalog + 4, 1]]],
    ['a wrong catalog key', 'corrupt', 'valid entry', [[catalog + 31, 0]]],
    ['an unknown boot entry', 'corrupt', 'entry of type 1', [[catalog + 32, 1]]],
    ['a boot image outside', 'corrupt', 'passes the end', [[catalog + 43, 1]]],
    ['a broken section header', 'corrupt', 'section header', [[catalog + 64, 2]]],
    ['a catalog outside', 'truncated', 'boot catalog entry', [[PVD + SECTOR + 74, 1]]],
  ];
  it.each(damages)('an image with %s is refused', (_, code, message, patches) => {
    const error = tolerate(() => readWhole(patched(image, patches)));
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it('compressed bytes are not passed off as a file', () => {
    const compressed = openIso(patched(image, [[LONG + 33 + 33 + 36, 0x5a]]));
    expect(compressed.find(long)).toMatchObject({ kind: 'other', unread: 'compressed by zisofs' });
    expect(() => compressed.open(compressed.find(long))).toThrow(refusal('unsupported'));
  });

  it('a record that crosses its sector is refused', () => {
    const crossing = bytes.slice();
    const copy = crossing.slice(FILE, FILE + 240).fill(0, bytes[FILE]);
    copy[0] = 240;
    for (let at = FILE; at < folder + SECTOR; at += 240) {
      crossing.set(copy.subarray(0, folder + SECTOR - at), at);
    }
    const error = tolerate(() => readIso(openIso(bytesSource(crossing))));
    expect(error).toMatchObject({ code: 'corrupt', message: expect.stringContaining('fit its sector') });
  });

  it('a continuation that leads to itself is refused', () => {
    const loop = bytes.slice();
    loop.set(bytes.subarray(CE, CE + 28), continuation);
    loop.fill(0, continuation + 28, continuation + view.getUint32(CE + 20, true));
    expect(tolerate(() => readIso(openIso(bytesSource(loop))))?.message).toMatch(/continues in more than/);
  });

  it('descriptors and catalogs without an end are refused', () => {
    const endless = new Uint8Array(200 * SECTOR);
    for (let at = PVD; at < endless.length; at += SECTOR) endless.set(bytes.subarray(PVD, PVD + SECTOR), at);
    viewOf(endless).setUint32(PVD + 80, 1, true);
    expect(tolerate(() => openIso(bytesSource(endless)))?.code).toBe('corrupt');
    const sections = new Uint8Array(image.size + 100 * SECTOR);
    sections.set(bytes);
    const moved = image.size;
    sections.set(bytes.subarray(catalog, catalog + 64), moved);
    for (let at = moved + 64; at < sections.length; at += 32) sections[at] = 0x90;
    viewOf(sections).setUint32(PVD + SECTOR + 71, moved / SECTOR, true);
    expect(tolerate(() => openIso(bytesSource(sections)).boot)?.message).toMatch(/no end/);
  });

  it('an image cut at any length is read or refused', () => {
    for (let length = 0; length < image.size; length++) {
      const error = tolerate(() => readIso(openIso(sliceSource(image, 0, length))));
      if (error?.code !== 'truncated') expect.fail(`${length} bytes: ${error?.message ?? 'read'}`);
    }
  });

  it('an image with any changed bytes is read or refused', () => {
    const spots = fc.constantFrom(
      PVD,
      PVD + 156,
      PVD + SECTOR,
      root,
      FOLDER,
      LONG,
      folder,
      CE,
      catalog,
      continuation,
    );
    const change = fc
      .tuple(spots, fc.nat(130), fc.nat(255))
      .map(([at, index, value]) => [at + index, value] as const);
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        tolerate(() => readIso(openIso(patched(image, changes))));
      }),
      { numRuns: 500 },
    );
  });
});
