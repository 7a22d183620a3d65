// SPDX-License-Identifier: Apache-2.0
import { isDocument } from '../read/content.js';
import { VALIDATION } from '../read/titles.js';
import type { Blocker } from './model.js';
import type { Release } from './release.js';

/** Commands that make what a folder lacks. */
export const COMMAND = {
  evaluation: 'latticra-os-image-promotion-evaluate --evidence-dir .',
  manifest: 'latticra-os-image-artifact-manifest-from-files --help',
  boots: 'latticra-boot-matrix run --output-dir boot-records',
  sbom: 'latticra-os-image-sbom --help',
  seal: 'latticra-seal check',
  bundle:
    'latticra-os-image-operator-bundle-from-artifacts --artifact-manifest manifest.txt --output-dir operator-bundle',
  validation: 'latticra-os-image-artifact-manifest-validate --artifact-manifest manifest.txt',
  build: 'latticra rehearse',
} as const;

/** Finds what is not there yet: of an evaluation its fields, and else each kind of evidence that is not in the folder. */
export function findMissing(release: Release): Blocker[] {
  const { board, boots, sboms, manifests, bundles, files, builds } = release;
  if (board !== undefined) {
    return board.groups
      .flatMap(({ fields }) => fields)
      .filter(({ state }) => state === 'todo' || state === 'unknown')
      .map(({ key, name, evidence, command }) => ({
        title: name,
        reason: evidence,
        command,
        to: `field-${key}`,
        sources: [board.source],
      }));
  }
  const lacks: Blocker[] = [];
  const lack = (is: boolean, title: string, reason: string, command: string, to: string) => {
    if (is) lacks.push({ title, reason, command, to });
  };
  lack(
    builds.length === 0,
    'No build record',
    'Nothing here tells how the images were built.',
    COMMAND.build,
    'built',
  );
  lack(
    manifests.length === 0,
    'No artifact manifest',
    'Nothing here says what belongs to the release.',
    COMMAND.manifest,
    'built',
  );
  const isValidated = files.some((file) => isDocument(file, VALIDATION));
  lack(
    !isValidated,
    'No validation',
    'Nobody has compared the manifest with its files.',
    COMMAND.validation,
    'built',
  );
  lack(boots.length === 0, 'No boot', 'Nothing here shows that an image starts.', COMMAND.boots, 'boots');
  lack(sboms.length === 0, 'No SBOM', 'Nothing here says what is in the images.', COMMAND.sbom, 'sbom');
  lack(
    bundles.length === 0,
    'No operator bundle',
    'There is nothing to hand over.',
    COMMAND.bundle,
    'bundle',
  );
  lack(
    true,
    'No promotion evaluation',
    'Nobody has evaluated the 20 fields of a promotion.',
    COMMAND.evaluation,
    'board',
  );
  return lacks;
}
