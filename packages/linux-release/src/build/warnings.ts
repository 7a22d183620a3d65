// SPDX-License-Identifier: Apache-2.0
import type { OperatingSystem } from '@latticra/sbom/root';
import type { BuiltRoot } from './root.js';

/** Lists what an operator should know of a system whose root has to be read from a medium. */
export function warningsOf(
  root: (Pick<BuiltRoot, 'missingDrivers'> & { readonly system: OperatingSystem }) | undefined,
): string[] {
  if (root === undefined) return [];
  const drivers = root.missingDrivers.map(
    ({ medium, modules }) =>
      `the kernel has no driver for ${medium} (${modules.join(', ')}): the system finds no root there`,
  );
  const databases =
    root.system.databases.length > 0
      ? []
      : [
          `the root has no package database that is known: the SBOM lists no packages (looked for ${root.system.missing.join(', ')})`,
        ];
  return [...drivers, ...databases];
}
