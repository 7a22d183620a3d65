// SPDX-License-Identifier: Apache-2.0
import type { IsoBootEntry } from '../iso9660/boot-catalog.js';
import { openIso } from '../iso9660/open.js';
import type { IsoVolume } from '../iso9660/volume.js';
import type { ByteSource } from '../layout/source.js';
import { sliceSource } from '../layout/source.js';
import { type Partition, readPartitions, type Start, startsFrom } from './disk.js';
import { findFileSystem } from './file-system.js';
import { FindingsCollector } from './findings.js';
import { findLoaders, type Loader, VolumeBudget } from './loaders.js';
import { readTables, type Tables } from './tables.js';

/** An entry of the boot catalog, and the loaders in its image where that is for UEFI. */
export interface IsoBoot extends IsoBootEntry {
  readonly loaders: readonly Loader[];
}

/** An ISO 9660 image. */
export interface IsoFacts {
  /** Undefined where the descriptors could not be read. */
  readonly volume: IsoVolume | undefined;
  readonly rockRidge: boolean;
  readonly boot: readonly IsoBoot[];
  /** What stands before the volume: without it no firmware starts the image from a USB stick. */
  readonly system: Omit<Tables, 'entries'>;
  readonly partitions: readonly Partition[];
  readonly starts: readonly Start[];
}

/** Bytes of a root directory that is listed, to see that there is one; a thousand entries. */
const MAX_ROOT = 64 << 10;

/** Reads an ISO 9660 image: descriptors, boot catalog, system area, loaders. What is wrong becomes findings. */
export function readIso(source: ByteSource, findings: FindingsCollector): IsoFacts {
  const budget = new VolumeBudget();
  const iso = findings.attempt(() => openIso(source));
  if (iso && iso.root.size > MAX_ROOT)
    findings.unread.push(`the root directory: it is longer than ${MAX_ROOT} bytes`);
  else if (iso) findings.attempt(() => iso.list(iso.root));
  const entries = findings.attempt(() => iso?.boot) ?? [];
  const boot = entries.map((entry, index) => ({
    ...entry,
    loaders: loadersOf(source, entry, `boot entry ${index + 1}`, findings, budget),
  }));
  const { scheme, bootCode, entries: table } = readTables(source, findings);
  const partitions = readPartitions(source, { scheme, bootCode, entries: table }, findings, budget);
  const loaders = partitions.flatMap((partition) => partition.loaders);
  return {
    volume: iso ? volumeOf(iso) : undefined,
    rockRidge: iso?.rockRidge ?? false,
    boot,
    system: { scheme, bootCode },
    partitions,
    starts: [...boot.flatMap(startsOfDisc), ...startsFrom(loaders, bootCode, ['usb'])],
  };
}

const volumeOf = ({
  volumeId,
  systemId,
  publisherId,
  preparerId,
  applicationId,
  created,
  modified,
  size,
}: IsoVolume): IsoVolume => ({
  volumeId,
  systemId,
  publisherId,
  preparerId,
  applicationId,
  created,
  modified,
  size,
});

function loadersOf(
  source: ByteSource,
  { platform, offset }: IsoBootEntry,
  where: string,
  findings: FindingsCollector,
  budget: VolumeBudget,
): Loader[] {
  if (platform !== 'uefi') return [];
  const inside = new FindingsCollector();
  // Its size in the catalog has 16 bits, and 0 or 1 with some writers; the volume itself says how long it is.
  const image = sliceSource(source, offset, source.size - offset);
  const isFat = findFileSystem(image)?.type === 'fat';
  if (!isFat) inside.unread.push('the image for UEFI is no FAT volume');
  const loaders = isFat ? findLoaders(image, inside, budget) : [];
  findings.addAll(where, inside);
  return loaders;
}

function startsOfDisc({ platform, bootable, loaders }: IsoBoot): Start[] {
  if (!bootable) return [];
  if (platform === 'bios') return startsFrom([], true, ['cd']);
  return platform === 'uefi' ? startsFrom(loaders, false, ['cd']) : [];
}
