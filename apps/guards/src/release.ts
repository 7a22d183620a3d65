// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { buildBootDisk, buildBootIso, PREBUILT_PARTS } from '@latticra/boot-seed';
import { type Layout, layoutSource, readBytes } from '@latticra/disk-image';
import { encodeQcow2 } from '@latticra/disk-image/qcow2';
import type { Drive } from './drive.js';

const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');

const bytesOf = (layout: Layout) => readBytes(layoutSource(layout), 0, layout.size);
const { kernel } = PREBUILT_PARTS;

/** An ISO and a qcow2 file around the boot seed: the smallest that are what they say. */
export const ISO = bytesOf(buildBootIso({ kernel }));
export const QCOW2 = bytesOf(encodeQcow2(buildBootDisk({ kernel, size: 8 << 20 }).disk));

/** An SPDX 2.3 document that lists both images. */
const SBOM = JSON.stringify({
  spdxVersion: 'SPDX-2.3',
  dataLicense: 'CC0-1.0',
  SPDXID: 'SPDXRef-DOCUMENT',
  name: 'guard',
  documentNamespace: 'https://spdx.org/spdxdocs/guard-6f2a1c0e-7f6b-5a55-9d3b-0c9f7e8d4a11',
  creationInfo: { created: '1970-01-01T00:00:00Z', creators: ['Tool: latticra-guard-1'] },
  packages: [ISO, QCOW2].map((image, index) => ({
    name: `image-${index}`,
    SPDXID: `SPDXRef-image-${index}`,
    downloadLocation: 'NONE',
    filesAnalyzed: false,
    checksums: [{ algorithm: 'SHA256', checksumValue: sha256(image) }],
  })),
  relationships: [0, 1].map((index) => ({
    spdxElementId: 'SPDXRef-DOCUMENT',
    relationshipType: 'DESCRIBES',
    relatedSpdxElement: `SPDXRef-image-${index}`,
  })),
});

/** The digest that a manifest records for {@link ISO}. */
export const ISO_DIGEST = `sha256:${sha256(ISO)}`;

/** The arguments that record a complete release, and the lane that takes them. */
export const FROM_FILES = 'latticra-os-image-artifact-manifest-from-files';
export const COMPLETE = [
  ...['--iso', 'os.iso', '--iso-sbom', 'sbom.spdx.json', '--iso-signature', 'unsigned-local'],
  ...[
    '--vm-image',
    'os.qcow2',
    '--vm-format',
    'qcow2',
    '--vm-sbom',
    'sbom.spdx.json',
    '--vm-signature',
    'unsigned-local',
  ],
  ...['--operator-recovery-path', 'recovery.md', '--relative-to', '.'],
];

/** Writes the files of a small release into the guard's folder. */
export function putRelease(drive: Drive): void {
  drive.file('os.iso', ISO);
  drive.file('os.qcow2', QCOW2);
  drive.file('sbom.spdx.json', SBOM);
  drive.file('recovery.md', '# Recovery\n');
}

/** Writes the files of a small release, and a manifest of them as `manifest.txt`; returns the manifest's text. */
export async function putRecordedRelease(drive: Drive): Promise<string> {
  putRelease(drive);
  const { text } = await drive.accepts(FROM_FILES, ...COMPLETE);
  drive.file('manifest.txt', text);
  return text;
}
