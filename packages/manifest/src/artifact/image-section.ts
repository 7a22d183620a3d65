// SPDX-License-Identifier: Apache-2.0
import type { DiskFacts, Inspection, Start } from '@latticra/disk-image/inspect';
import { type FieldValue, fields, flag, type Section } from '@latticra/evidence-format';
import { printable } from '../printable.js';

/** The most loaders, or things that were not read, that a section shows. */
const MAX_ITEMS = 100;

/** Makes the fields `<prefix>_01` and so on of a list, of which the first hundred are shown. */
export function numbered(prefix: string, items: readonly string[]): Record<string, FieldValue> {
  const shown = items.slice(0, MAX_ITEMS);
  return Object.fromEntries(
    shown.map((item, index) => [`${prefix}_${String(index + 1).padStart(2, '0')}`, printable(item)]),
  );
}

/** Makes the section that says what an ISO is, and how it starts. */
export function isoSection(inspection: Inspection): Section[] {
  if (inspection.kind !== 'iso9660' || inspection.facts === undefined) return [];
  const { volume, system, starts } = inspection.facts;
  return [
    section('iso', inspection, {
      facts: {
        format: 'iso9660',
        volume_id: printable(volume?.volumeId ?? ''),
        size_bytes: inspection.size,
        partition_table: system.scheme,
      },
      starts,
      media: ['cd', 'usb'],
    }),
  ];
}

/** Makes the section that says what a VM image is, and how the disk in it starts. */
export function vmImageSection(inspection: Inspection): Section[] {
  const disk = diskOf(inspection);
  if (disk === undefined) return [];
  const { format, virtualSize, scheme, starts } = disk;
  return [
    section('vm_image', inspection, {
      facts: { format, virtual_size_bytes: virtualSize, partition_table: scheme },
      starts,
      media: ['usb', 'disk'],
    }),
  ];
}

type Disk = Pick<DiskFacts, 'scheme' | 'starts'> & { readonly format: string; readonly virtualSize: number };

/** Returns the disk that a guest sees in a VM image. */
function diskOf(inspection: Inspection): Disk | undefined {
  const { size } = inspection;
  if (inspection.kind === 'disk' && inspection.facts) {
    return { format: 'raw', virtualSize: size, ...inspection.facts };
  }
  if (inspection.kind === 'file-system' && inspection.facts) {
    const starts = inspection.facts.loaders.flatMap((loader): Start[] =>
      (['usb', 'disk'] as const).map((medium) => ({ ...loader, firmware: 'uefi', medium })),
    );
    return { format: 'raw', virtualSize: size, scheme: 'none', starts };
  }
  if (inspection.kind === 'qcow2' && inspection.facts?.facts && inspection.facts.disk) {
    const { facts, disk } = inspection.facts;
    return { format: 'qcow2', virtualSize: Number(facts.virtualSize), ...disk };
  }
  return undefined;
}

interface Shown {
  readonly facts: Readonly<Record<string, FieldValue>>;
  readonly starts: readonly Start[];
  readonly media: readonly Start['medium'][];
}

function section(name: string, { unread }: Inspection, { facts, starts, media }: Shown): Section {
  const ways = (['bios', 'uefi'] as const).flatMap((firmware) =>
    media.map((medium) => [
      `starts_${firmware}_${medium}`,
      flag(starts.some((start) => start.firmware === firmware && start.medium === medium)),
    ]),
  );
  const loaders = new Set(
    starts
      .filter(({ path }) => path !== '')
      .map(
        ({ path, architecture, signed }) =>
          `${architecture} ${signed ? 'signature-present-unverified' : 'unsigned'} ${path}`,
      ),
  );
  return {
    name,
    fields: fields({
      ...facts,
      ...Object.fromEntries(ways),
      loader_count: loaders.size,
      ...numbered('loader', [...loaders]),
      unread_count: unread.length,
      ...numbered('unread', unread),
    }),
  };
}
