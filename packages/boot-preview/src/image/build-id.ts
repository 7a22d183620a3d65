// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';

/**
 * Makes a build id of 128 random bits, which no other build has: a log of another image's boot cannot be passed off as one
 * of this image.
 */
export function freshBuildId(random: (size: number) => Uint8Array = randomBytes): string {
  return `preview-${Buffer.from(random(16)).toString('hex')}`;
}
