// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';

/**
 * A build id that no earlier build had and none later will: an image with it cannot be passed off with the log of
 * another boot.
 */
export function freshBuildId(random: (size: number) => Uint8Array = randomBytes): string {
  return `preview-${Buffer.from(random(16)).toString('hex')}`;
}
