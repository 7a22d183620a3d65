// SPDX-License-Identifier: Apache-2.0
import type { OperatingSystem } from './system.js';

/** Lists what the SBOM of a system leaves out, for whoever takes it to name all that is in there. */
export function systemWarnings({ databases, missing, packages, unread }: OperatingSystem): string[] {
  const none = `the root has no package database that is known: the SBOM lists no packages (looked for ${missing.join(', ')})`;
  const empty = `no package is in ${databases.slice(0, 20).join(', ')}: the SBOM lists none, whatever is installed`;
  return [
    ...(databases.length > 0 ? [] : [none]),
    ...(databases.length > 0 && packages.length === 0 ? [empty] : []),
    ...unread.map(
      ({ manager, path }) =>
        `the packages of ${manager} are not in the SBOM: its database ${path} is not read; have a tool that reads it list them, then add the images with latticra-os-image-sbom --add-images`,
    ),
  ];
}
