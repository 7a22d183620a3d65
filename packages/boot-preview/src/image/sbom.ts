// SPDX-License-Identifier: Apache-2.0
import { SEED_SOURCES } from '@latticra/boot-seed';
import type { Measurement } from '@latticra/held-files';
import {
  buildSbom,
  formatCreated,
  formatSbom,
  grubPackage,
  type SbomFile,
  type SbomPackage,
} from '@latticra/sbom';
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
  /** Whether the kernel is, but for its build id, what the seed's sources assemble to. */
  readonly kernelIsOwn: boolean;
  readonly grubConfig: BuiltFile;
  readonly texts: readonly BuiltFile[];
}

const IMAGE = 'Package-boot-preview-image';
const SEED = 'Package-latticra-boot-seed';
const FROM_SEED = { from: 'File-kernel', type: 'GENERATED_FROM', to: SEED } as const;

/**
 * Writes the SPDX 2.3 document of an image build as JSON: the image and the files beside it, the GRUB in it, and the boot
 * seed, where its kernel is known to be made of its sources.
 */
export function imageSbom(input: ImageSbomInput): string {
  const { profile, buildId, image, kernel, grubConfig } = input;
  const grub = grubPackage(input.grubVersion);
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
        grub,
        ...(input.kernelIsOwn ? [seedPackage(buildId)] : []),
      ],
      relationships: [
        { from: 'File-image', type: 'CONTAINS', to: grub.id },
        { from: 'File-image', type: 'CONTAINS', to: 'File-kernel' },
        ...(input.kernelIsOwn ? [FROM_SEED] : []),
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

/** Describes the boot seed as a package, with the licence that the source of its kernel names. */
function seedPackage(version: string): SbomPackage {
  const licence = /SPDX-License-Identifier:[ \t]*(\S+)/.exec(SEED_SOURCES['kernel.S'])?.[1];
  return {
    id: SEED,
    name: 'latticra-boot-seed',
    version,
    ...(licence !== undefined && { declaredLicence: licence }),
  };
}
