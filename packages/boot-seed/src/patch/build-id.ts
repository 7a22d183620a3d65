// SPDX-License-Identifier: Apache-2.0
import { quoteText } from '@latticra/evidence-format';
import { BootSeedError } from '../error.js';
import { fillText, findSlot, patchSlot, type Slot } from './slot.js';

/** Section `.latticra.build_id` of the seed's kernel: 128 bytes, 16 of them the magic. */
const BUILD_ID: Slot = { magic: 'LATTICRA BUILDID', size: 112, owner: 'build id of the kernel' };
const EXPECTED = '1 to 111 letters, digits and ._+-, a letter or digit first';
const PATTERN = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,110}$/;

/**
 * Refuses a build id unless it is 1 to 111 letters, digits and `._+-`, a letter or digit first.
 * @throws BootSeedError `bad-build-id`
 */
export function assertBuildId(buildId: string): void {
  if (PATTERN.test(buildId)) return;
  throw new BootSeedError('bad-build-id', `build id ${quoteText(buildId)}: expected ${EXPECTED}`);
}

/**
 * Returns the build id that a kernel will report, or undefined for a kernel that is not the seed's.
 * @throws BootSeedError `kernel-bad-build-id`
 */
export function readBuildId(kernel: Uint8Array): string | undefined {
  const start = findSlot(kernel, BUILD_ID);
  if (start === undefined) return undefined;
  const text = Buffer.from(kernel.subarray(start, start + BUILD_ID.size)).toString('latin1');
  const buildId = text.replace(/\0+$/, '');
  if (buildId.length === text.length)
    throw new BootSeedError('kernel-bad-build-id', 'the build id in the kernel is not ended by a NUL');
  if (!PATTERN.test(buildId)) {
    throw new BootSeedError(
      'kernel-bad-build-id',
      `the build id in the kernel is ${quoteText(buildId)}, expected ${EXPECTED}`,
    );
  }
  return buildId;
}

/**
 * Returns a copy of the seed's kernel that reports `buildId`.
 * @throws BootSeedError `bad-build-id`, `no-slot`
 */
export function setBuildId(kernel: Uint8Array, buildId: string): Uint8Array {
  assertBuildId(buildId);
  return patchSlot(kernel, BUILD_ID, (content) => fillText(content, buildId));
}
