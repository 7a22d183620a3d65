// SPDX-License-Identifier: Apache-2.0
import { type OperatingSystem, systemWarnings } from '@latticra/sbom/root';
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
  return [...drivers, ...systemWarnings(root.system)];
}
