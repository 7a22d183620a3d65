// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { UUID_NAMESPACE, uuidV5 } from '@latticra/disk-image/gpt';
import { BootSeedError } from '../error.js';
import type { BootImageOptions } from './options.js';

const NAMESPACE = uuidV5(UUID_NAMESPACE.url, 'urn:latticra:boot-seed');
/** 2099-12-31T23:59:59Z: the last that every date in an image can hold. */
const LAST_EPOCH = 4_102_444_799;

/** The UUIDs and serial numbers of an image, all derived from its inputs. */
export interface Identity {
  /** Returns a version 5 UUID for `role`. */
  uuid(role: string): string;
  /** Returns 32 bits for `role`, as FAT wants for a serial number. */
  serial(role: string): number;
}

/**
 * Derives an image's numbers from its `kind`, its kernel with the build id in it, the command line and the time.
 * @throws BootSeedError `bad-epoch`
 */
export function createIdentity(
  kind: string,
  { kernel, commandLine = '', epoch = 0 }: BootImageOptions,
): Identity {
  assertEpoch(epoch);
  const digest = createHash('sha256').update(kernel).digest('hex');
  const uuid = (role: string) => uuidV5(NAMESPACE, [kind, role, epoch, digest, commandLine].join('\n'));
  return { uuid, serial: (role) => Number.parseInt(uuid(role).slice(0, 8), 16) };
}

/**
 * Refuses an epoch that is no whole number of seconds from 1970 through 2099.
 * @throws BootSeedError `bad-epoch`
 */
function assertEpoch(epoch: number): void {
  if (Number.isInteger(epoch) && epoch >= 0 && epoch <= LAST_EPOCH) return;
  throw new BootSeedError('bad-epoch', `epoch ${epoch}: expected whole seconds from 0 to ${LAST_EPOCH}`);
}

/**
 * Reads from the environment the time that images are dated: SOURCE_DATE_EPOCH, 0 where it is not set.
 * @throws BootSeedError `bad-epoch`
 */
export function readEpoch(env: Readonly<Record<string, string | undefined>>): number {
  const text = env.SOURCE_DATE_EPOCH ?? '0';
  if (!/^\d{1,10}$/.test(text)) {
    throw new BootSeedError(
      'bad-epoch',
      `SOURCE_DATE_EPOCH ${JSON.stringify(text)}: expected a number of seconds`,
    );
  }
  assertEpoch(Number(text));
  return Number(text);
}
