// SPDX-License-Identifier: Apache-2.0
import { isOf } from '../evidence/piece.js';
import { folderOf } from '../release/manifests.js';
import { inEvidence, type NextCommand, PLACEHOLDERS, type Word } from './command.js';
import type { Known } from './known.js';
import { manifestCommand } from './manifest.js';
import { unusedPath } from './unused-path.js';

/**
 * Returns the command that brings the SBOM of an image: a manifest that names one which is there already, else the SBOM.
 * @param sha256 of the image
 */
export function sbomCommand(known: Known, sha256: string): NextCommand {
  const { evidence, subject, builds } = known;
  const isListed = evidence.pieces.some(
    (piece) => isOf(piece, 'sbom') && piece.content.sbom.lists.has(sha256),
  );
  if (isListed) return manifestCommand(known);
  const pathOf = (digest: string | undefined) =>
    evidence.pieces.find((piece) => digest !== undefined && piece.sha256 === digest)?.path;
  const images = (
    [
      ['--iso', pathOf(subject.iso)],
      ['--vm-image', pathOf(subject.vmImage)],
    ] as const
  ).flatMap(([flag, path]): Word[] => (path === undefined ? [] : [flag, inEvidence(path)]));
  const said = [
    ...['--artifact-version', subject.version],
    ...['--output', unusedPath(evidence, 'sbom', '.spdx.json')],
  ];
  const parts = seedParts(known);
  if (parts !== undefined)
    return { words: ['latticra-boot-seed-sbom-generate', ...images, ...parts, ...said] };
  const rootfs = builds.find((build) => build.rootfs !== undefined)?.rootfs ?? PLACEHOLDERS.rootfs;
  return { words: ['latticra-os-image-sbom', '--rootfs', rootfs, ...images, ...said] };
}

/** Returns the flags for the parts of a boot seed, as the records of its builds name them beside themselves; undefined for a Linux system. */
function seedParts({ evidence }: Known): Word[] | undefined {
  const found = new Map<string, Word>();
  for (const piece of evidence.pieces) {
    if (!isOf(piece, 'seed-build-record')) continue;
    const { kernelFile, efiFile, esp } = piece.content.validation.record;
    for (const [flag, file] of [
      ['--kernel', kernelFile],
      ['--efi-bootloader', efiFile],
      ['--esp-raw', esp],
    ] as const) {
      if (file !== undefined && !found.has(flag))
        found.set(flag, inEvidence(`${folderOf(piece.path)}${file.path}`));
    }
  }
  return found.size === 3 ? [...found].flat() : undefined;
}
