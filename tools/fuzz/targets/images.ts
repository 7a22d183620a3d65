// SPDX-License-Identifier: Apache-2.0
import { readBootImage } from '../../../packages/boot-preview/src/artifact/image.js';
import { PROFILES } from '../../../packages/boot-preview/src/profile.js';
import { buildBootDisk } from '../../../packages/boot-seed/src/image/disk.js';
import { GRUB_CONFIG_PATH, IMAGE_PATH } from '../../../packages/boot-seed/src/image/names.js';
import { findSeedParts } from '../../../packages/boot-seed/src/image/own-image.js';
import { MIN_DISK_SIZE } from '../../../packages/boot-seed/src/image/places.js';
import { setBuildId } from '../../../packages/boot-seed/src/patch/build-id.js';
import { findInImage } from '../../../packages/boot-seed/src/record/found.js';
import { PREBUILT_PARTS } from '../../../packages/boot-seed/src/seed/parts.js';
import { checkFat, createFat, type FatReader, openFat } from '../../../packages/disk-image/src/fat/index.js';
import { openFiles } from '../../../packages/disk-image/src/files/index.js';
import {
  createGptDisk,
  GPT_TYPE,
  partitionSource,
  readGpt,
  UUID_NAMESPACE,
  uuidV5,
} from '../../../packages/disk-image/src/gpt/index.js';
import { readPrimaryGpt } from '../../../packages/disk-image/src/gpt/parse.js';
import { bytesSource, createLayout, type Layout } from '../../../packages/disk-image/src/index.js';
import { findFileSystem } from '../../../packages/disk-image/src/inspect/file-system.js';
import {
  inspect,
  nameOf,
  requireDisk,
  requireInitramfs,
  requireIso,
  requireKernel,
  requireQcow2,
  requireSignature,
  requireTar,
  requireText,
} from '../../../packages/disk-image/src/inspect/index.js';
import { layoutIso, openIso, planIso } from '../../../packages/disk-image/src/iso9660/index.js';
import { readMbr } from '../../../packages/disk-image/src/mbr/index.js';
import {
  checkQcow2,
  describeQcow2,
  encodeQcow2,
  openQcow2,
} from '../../../packages/disk-image/src/qcow2/index.js';
import { SHAPES, sampleSource } from '../../../packages/disk-image/src/testing/fat-sample.js';
import { buildIso } from '../../../packages/disk-image/src/testing/iso.js';
import { filled } from '../../../packages/disk-image/src/testing/qcow2.js';
import { findContents } from '../../../packages/sbom/src/seed/contents.js';
import { assertImage } from '../../../packages/vm-run/src/image.js';
import { BOOT_ISO, PLAIN_ISO, QCOW2_DISK, RAW_DISK } from '../../testing/images.js';
import { type FuzzTarget, hold, unlessRefused } from '../engine/target.js';
import { imageBytes, readEnds } from './bytes.js';
import { MAGICS, SMALL_FILES } from './small-files.js';

/** Reads every file of a volume; names and sizes come from it, so that what they lead to has to be there. */
function readVolume(volume: FatReader, folder = ''): void {
  for (const { name, kind, size } of volume.list(folder)) {
    const path = folder === '' ? name : `${folder}/${name}`;
    if (kind === 'folder') readVolume(volume, path);
    else {
      const file = volume.open(path);
      hold(file.size === size, 'a file is opened with another size than was listed');
      readEnds(file);
    }
  }
}

const fat12 = () => imageBytes(sampleSource(SHAPES[0]));
const iso = () => imageBytes(buildIso({ 'boot/a': 3000, 'b/c/d.txt': 10, 'e f': 0 }).image);
const qcow2 = () =>
  imageBytes(encodeQcow2(createLayout(1 << 18, [filled(65_541, 100, 1), filled(131_072, 10, 2)])));

/** A qcow2 file on a backing file, whose format it names in an extension of its header. */
function backedQcow2(): Uint8Array {
  const bytes = Buffer.from(qcow2());
  const end = bytes.readUInt32BE(100);
  bytes.write('e2792aca0000000372617700', end, 'hex');
  bytes.write('base', end + 24, 'latin1');
  bytes.writeBigUInt64BE(BigInt(end + 24), 8);
  bytes.writeUInt32BE(4, 16);
  return bytes;
}

const REQUIRE = [
  requireDisk,
  requireInitramfs,
  requireIso,
  requireKernel,
  requireQcow2,
  requireSignature,
  requireTar,
  requireText,
];

/** A disk of the boot seed's own. */
const ownDisk = () =>
  imageBytes(
    buildBootDisk({ kernel: setBuildId(PREBUILT_PARTS.kernel, 'fuzz'), epoch: 0, size: MIN_DISK_SIZE }).disk,
  );

/** An ISO with GRUB's note of its version. */
function grubIso(): Uint8Array {
  const note = Buffer.from('grub_modinfo_target_cpu=i386\ngrub_package_version="2.06"\n');
  const plan = planIso({ volumeId: 'GRUB', epoch: 0, files: [{ path: 'modinfo.sh', size: note.length }] });
  return imageBytes(layoutIso(plan, { files: new Map([['modinfo.sh', bytesSource(note)]]) }));
}

const LINUX_DATA = '0FC63DAF-8483-4772-8E79-3D69D8477DE4';

/** A disk of GRUB's for BIOS, as far as its reader looks. */
function previewDisk(): Uint8Array {
  const files = ['boot/grub/i386-pc/modinfo.sh', GRUB_CONFIG_PATH, IMAGE_PATH.kernel].map((path) => ({
    path,
    content: bytesSource(Buffer.from('text')),
  }));
  const volume = createFat({ size: 1 << 16, volumeId: 1, timestamp: 0, files }).layout;
  const partition = (name: string, typeGuid: string, content: Layout) => ({
    typeGuid,
    uniqueGuid: uuidV5(UUID_NAMESPACE.dns, name),
    name,
    content,
  });
  return imageBytes(
    createGptDisk({
      size: 256 << 10,
      diskGuid: uuidV5(UUID_NAMESPACE.dns, 'disk'),
      bootCode: Uint8Array.of(0xfa),
      alignment: 4096,
      partitions: [
        partition('core', GPT_TYPE.biosBoot, createLayout(4096, [filled(0, 16, 1)])),
        partition('files', LINUX_DATA, volume),
      ],
    }),
  );
}

const inspected = (name: string, seeds: FuzzTarget['seeds']): FuzzTarget => ({
  name,
  seeds,
  words: MAGICS,
  run({ source }) {
    const inspection = inspect(source);
    nameOf(inspection);
    findFileSystem(source);
    for (const require of REQUIRE) unlessRefused(() => require(inspection));
    for (const format of ['iso', 'raw', 'qcow2'] as const) {
      unlessRefused(() => assertImage('a', format, source));
    }
  },
});

/** Readers of images. */
export const imageTargets: readonly FuzzTarget[] = [
  {
    name: 'iso9660',
    seeds: () => [iso(), PLAIN_ISO, BOOT_ISO],
    words: [
      'CD001',
      'EL TORITO SPECIFICATION',
      'SP\x07\x01\xbe\xef',
      'RR',
      'NM',
      'SL',
      'CE',
      'ER',
      'PX',
      'CL',
      'RE',
      ';1',
      'MKI ',
    ],
    run({ source }) {
      const image = openIso(source);
      for (const { entry } of image.walk()) if (entry.kind !== 'folder') readEnds(image.open(entry));
    },
  },
  {
    name: 'image-files',
    seeds: () => [PLAIN_ISO, BOOT_ISO, RAW_DISK, QCOW2_DISK, fat12()],
    words: ['CD001', 'SP\x07\x01\xbe\xef', 'NM', 'SL', '%/E', 'FAT12   ', 'EFI PART', 'QFI\xfb', '\x55\xaa'],
    run({ source }) {
      const files = openFiles(source, { maxEntries: 10_000 });
      for (const entry of files.walk()) if (entry.type === 'file') readEnds(files.find(entry.path).open());
    },
  },
  {
    name: 'fat',
    seeds: () => [fat12(), imageBytes(sampleSource(SHAPES[1]))],
    words: [
      'FAT12   ',
      'FAT16   ',
      'FAT32   ',
      '.          ',
      '..         ',
      '\xe5',
      '\x0f',
      '\x55\xaa',
      'RRaA',
      'rrAa',
    ],
    run({ source }) {
      const check = checkFat(source);
      readVolume(openFat(source));
      return check;
    },
  },
  {
    name: 'gpt',
    seeds: () => [RAW_DISK, BOOT_ISO],
    words: ['EFI PART', '\x55\xaa'],
    run({ source }) {
      // Of a disk that is cut off, the first copy may name partitions that are not there.
      unlessRefused(() => readPrimaryGpt(source));
      for (const partition of readGpt(source).partitions) readEnds(partitionSource(source, partition));
    },
  },
  {
    name: 'mbr',
    seeds: () => [BOOT_ISO.subarray(0, 512), RAW_DISK.subarray(0, 1024)],
    words: ['\x55\xaa', '\xee', '\x05', '\xef'],
    run: ({ source }) => readMbr(source),
  },
  {
    name: 'qcow2',
    seeds: () => [qcow2(), QCOW2_DISK],
    words: ['QFI\xfb', '\x0f\x6e\x85\xe3', '\x68\x03\xf8\x57', '\xe2\x79\x2a\xca'],
    run({ source }) {
      readEnds(openQcow2(source));
    },
  },
  {
    name: 'qcow2Check',
    seeds: () => [qcow2(), QCOW2_DISK, backedQcow2()],
    words: ['QFI\xfb', '\x68\x03\xf8\x57'],
    run({ source }) {
      describeQcow2(source);
      checkQcow2(source);
      // Another window has to find the same.
      checkQcow2(source, 1 << 16);
    },
  },
  {
    name: 'bootImage',
    seeds: () => [previewDisk(), BOOT_ISO],
    run({ source }) {
      for (const profile of PROFILES) unlessRefused(() => readBootImage(source, profile));
    },
  },
  {
    name: 'ownParts',
    seeds: () => [ownDisk(), BOOT_ISO],
    run({ source }) {
      findSeedParts(source, 'disk');
      findSeedParts(source, 'iso');
      for (const format of ['iso', 'qcow2'] as const) unlessRefused(() => findInImage(source, format));
    },
  },
  {
    name: 'contents',
    seeds: () => [grubIso(), previewDisk(), QCOW2_DISK, fat12()],
    words: ['grub_package_version="2.06"\n', 'grub_modinfo_target_cpu=i386\n'],
    run({ source }) {
      const sought = [{ size: 4, sha256: 'a'.repeat(64) }];
      for (const kind of ['iso', 'disk', 'esp'] as const) findContents(source, kind, sought);
    },
  },
  inspected('inspectFile', () => SMALL_FILES),
  inspected('inspectImage', () => [fat12(), iso(), qcow2(), RAW_DISK, BOOT_ISO, QCOW2_DISK]),
];
