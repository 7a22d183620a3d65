// SPDX-License-Identifier: Apache-2.0
import { type Inspection, nameOf, type Start } from '@latticra/disk-image/inspect';
import {
  type EvidenceDocument,
  type FieldValue,
  fields,
  flag,
  formatDigest,
  READINESS_CLAIMS,
} from '@latticra/evidence-format';
import { printable } from '../printable.js';
import { factSections } from './sections.js';
import { itemSections, listSection } from './value.js';

/** What is known of the file besides what is in it. */
export interface FileFacts {
  readonly manifestPath: string;
  /** As it was given. */
  readonly path: string;
  /** 64 hexadecimal digits, or undefined for a file that was not measured. */
  readonly sha256: string | undefined;
}

/** Lists the ways to start that a file opens; undefined where it could open some that were not seen. */
function startsOf(inspection: Inspection): readonly Start[] | undefined {
  const { kind, facts } = inspection;
  switch (kind) {
    case 'iso9660':
    case 'disk':
      return facts?.starts;
    case 'qcow2':
    case 'vhd':
      return facts?.disk?.starts;
    case 'vhdx':
    case 'vmdk':
    case 'vdi':
    case 'compressed':
    case 'unknown':
      return undefined;
    case 'file-system':
      return facts?.loaders.flatMap((loader): Start[] =>
        (['usb', 'disk'] as const).map((medium) => ({ ...loader, firmware: 'uefi', medium })),
      );
    default:
      return [];
  }
}

const WAYS = (['bios', 'uefi'] as const).flatMap((firmware) =>
  (['cd', 'usb', 'disk'] as const).map((medium) => ({ firmware, medium })),
);

/** Makes the document on a file that was inspected and does not contradict itself. */
export function inspectionDocument(inspection: Inspection, file: FileFacts): EvidenceDocument {
  const { kind, size, also, unread } = inspection;
  const starts = startsOf(inspection);
  const known = (condition: (start: Start) => boolean): FieldValue =>
    starts === undefined ? 'unknown' : flag(starts.some(condition));
  return {
    title: 'LATTICRA OS IMAGE INSPECTION',
    fields: fields({
      manifest_path: file.manifestPath,
      file_path: file.path,
      file_size_bytes: size,
      file_measurement: file.sha256 === undefined ? 'none' : formatDigest(file.sha256),
      file_kind: kind,
      file_description: nameOf(inspection),
      file_is_also: also.length === 0 ? 'none' : also.join(','),
      ...Object.fromEntries(
        WAYS.map(({ firmware, medium }) => [
          `starts_${firmware}_${medium}`,
          known((start) => start.firmware === firmware && start.medium === medium),
        ]),
      ),
      unread_count: unread.length,
      ...READINESS_CLAIMS,
    }),
    sections: [
      ...factSections(inspection),
      ...itemSections(
        'start',
        'starts',
        starts ?? [],
        ({ firmware, medium, architecture, path, signed }) => ({
          firmware,
          medium,
          architecture,
          loader: path === '' ? 'none' : printable(path),
          loader_signature: path === '' ? 'none' : signed ? 'present-unverified' : 'unsigned',
        }),
      ),
      ...(unread.length > 0 ? [listSection('unread', unread)] : []),
    ],
  };
}
