// SPDX-License-Identifier: Apache-2.0
import { SEED_SOURCES } from '@latticra/boot-seed';
import type { Measurement } from '@latticra/held-files';
import { buildSbom, formatCreated, formatSbom, type SbomFile, type SbomPackage } from '@latticra/sbom';
import type { BootPreviewProfile } from '../profile.js';

/** A file of an image build, for its SBOM. */
export interface BuiltFile {
  /** Its name in the folder. */
  readonly name: string;
  /** With SHA-1. */
  readonly measurement: Measurement;
}

/** What the SBOM of an image build says. */
export interface ImageSbomInput {
  readonly profile: BootPreviewProfile;
  readonly buildId: string;
  /** Seconds since 1970. */
  readonly epoch: number;
  readonly toolVersion: string;
  readonly grubVersion: string;
  readonly image: BuiltFile;
  readonly kernel: BuiltFile;
  readonly grubConfig: BuiltFile;
  readonly texts: readonly BuiltFile[];
}

const IMAGE = 'Package-boot-preview-image';
const GRUB = 'Package-grub';
const SEED = 'Package-latticra-boot-seed';

/**
 * The SPDX 2.3 document of an image build as JSON: the image and the files beside it, GRUB, which is in it, and the
 * boot seed, which its kernel is.
 */
export function imageSbom(input: ImageSbomInput): string {
  const { profile, buildId, image, kernel, grubConfig } = input;
  const files = [
    file('File-image', image, 'ARCHIVE', 'the boot image'),
    file('File-kernel', kernel, 'BINARY', 'the kernel in the image'),
    file('File-grub-config', grubConfig, 'TEXT', 'the configuration of GRUB in the image'),
    ...input.texts.map((text, index) =>
      file(`File-text-${index + 1}`, text, 'DOCUMENTATION', 'for the operator'),
    ),
  ];
  return formatSbom(
    buildSbom({
      name: `${profile.name}-${buildId}`,
      created: formatCreated(input.epoch),
      tool: { name: 'seabios-grub-boot-preview-image-build', version: input.toolVersion },
      describes: [IMAGE],
      packages: [
        {
          id: IMAGE,
          name: profile.name,
          version: buildId,
          purpose: 'OTHER',
          files,
          comment: 'a boot preview: it starts the boot seed and claims nothing more',
        },
        grubPackage(input.grubVersion),
        { id: SEED, name: 'latticra-boot-seed', version: buildId, declaredLicence: seedLicence() },
      ],
      relationships: [
        { from: 'File-image', type: 'CONTAINS', to: GRUB },
        { from: 'File-image', type: 'CONTAINS', to: 'File-kernel' },
        { from: 'File-kernel', type: 'GENERATED_FROM', to: SEED },
      ],
    }),
  );
}

function file(
  id: string,
  { name, measurement }: BuiltFile,
  type: SbomFile['types'][number],
  comment: string,
): SbomFile {
  const { size, sha1, sha256 } = measurement;
  return { id, name: `./${name}`, size, sha1, sha256, types: [type], comment };
}

function grubPackage(version: string): SbomPackage {
  return {
    id: GRUB,
    name: 'grub',
    version,
    purpose: 'APPLICATION',
    supplier: 'Organization: Free Software Foundation',
    // GNU GRUB, COPYING, and the headers of its files: "either version 3 of the License, or (at your option) any later version".
    declaredLicence: 'GPL-3.0-or-later',
    purl: `pkg:generic/grub@${encodeURIComponent(version)}`,
  };
}

/** The licence that the source of the kernel names. */
function seedLicence(): string {
  return /SPDX-License-Identifier:[ \t]*(\S+)/.exec(SEED_SOURCES['kernel.S'])?.[1] ?? 'NOASSERTION';
}
