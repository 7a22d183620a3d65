// SPDX-License-Identifier: Apache-2.0
import type { ByteSource } from '@latticra/disk-image';
import { inspect, requireInitramfs } from '@latticra/disk-image/inspect';
import { type OperatingSystem, systemWarnings } from '@latticra/sbom/root';
import type { BuiltRoot } from './root.js';

/** Lists what an operator should know of a system: of the initramfs as it was given, and of a root that has to be read from a medium. */
export function warningsOf(
  initramfs: ByteSource,
  root: (Pick<BuiltRoot, 'missingDrivers'> & { readonly system: OperatingSystem }) | undefined,
): string[] {
  const unpacked = obstaclesOf(initramfs).map(
    (obstacle) => `the kernel does not unpack the initramfs: it has ${obstacle}`,
  );
  if (root === undefined) return unpacked;
  const drivers = root.missingDrivers.map(
    ({ medium, modules }) =>
      `the kernel has no driver for ${medium} (${modules.join(', ')}): the system finds no root there`,
  );
  return [...unpacked, ...drivers, ...systemWarnings(root.system)];
}

function obstaclesOf(initramfs: ByteSource): string[] {
  const facts = requireInitramfs(inspect(initramfs));
  const found = 'segments' in facts ? facts.segments.map(({ obstacle }) => obstacle) : [facts.obstacle];
  return found.filter((obstacle) => obstacle !== undefined);
}
