// SPDX-License-Identifier: Apache-2.0
import type { Flag } from '@latticra/evidence-format';
import type { BlockedReason } from './reason.js';

/** Yes, no, or not found out. */
export type Learned = Flag | 'unknown';

/**
 * Why what the machine does with its devices cannot all be seen:
 * - `partial-view`: from a container, a chroot, or a mount namespace of one's own.
 * - `view-unknown`: it cannot be told whether from one of those.
 * - `root-on-no-disk`: `/` is put together from something that names no device, a live system's or an image's.
 */
export type Obstacle = Extract<BlockedReason, 'partial-view' | 'view-unknown' | 'root-on-no-disk'>;

/** What was learned about a device by looking at it. */
export interface DeviceFacts {
  readonly wholeDisk: Learned;
  /** Made to be taken out: on USB, or a card in a slot. */
  readonly removable: Learned;
  readonly readOnly: Learned;
  /** The device, a part of it, or something that is built on it is mounted, in whatever namespace. */
  readonly mounted: Learned;
  /** The running system needs it. */
  readonly backsSystem: Learned;
  /** A mapping or a loop device uses it, or it carries the mark of one: LVM, RAID, an encrypted volume, ZFS. */
  readonly storageMember: Learned;
  readonly holdsIso: Learned;
  readonly sizeBytes: number | 'unknown';
  /** Device nodes that are mounted, once for each time. */
  readonly mountedNodes: readonly string[];
  /** Why some of this is unknown, where there is one cause. */
  readonly obstacle?: Obstacle | undefined;
}

/** Why a device was not, or not successfully, looked at. */
export type UnseenReason = Extract<BlockedReason, 'not-inspected' | 'not-found' | 'changed'>;

/** A device that was looked at, or why it was not. */
export type Inspection =
  | {
      readonly inspected: true;
      readonly facts: DeviceFacts;
      /** What the device tells of itself; none where it tells none, or nobody asked. */
      readonly serials?: readonly string[];
    }
  | { readonly inspected: false; readonly reason: UnseenReason };

export const NOTHING_LEARNED: DeviceFacts = {
  wholeDisk: 'unknown',
  removable: 'unknown',
  readOnly: 'unknown',
  mounted: 'unknown',
  backsSystem: 'unknown',
  storageMember: 'unknown',
  holdsIso: 'unknown',
  sizeBytes: 'unknown',
  mountedNodes: [],
};

/** Returns whether `isoSize` bytes fit, `unknown` where either size is not known. */
export function largeEnough(facts: DeviceFacts, isoSize: number | undefined): Learned {
  if (facts.sizeBytes === 'unknown' || isoSize === undefined) return 'unknown';
  return facts.sizeBytes >= isoSize ? 1 : 0;
}

/**
 * Returns the worst of what speaks against writing to an inspected device; undefined only when every fact was
 * learned and none does. An unknown fact is as bad as a bad one.
 */
export function judgeFacts(facts: DeviceFacts, isoSize: number | undefined): BlockedReason | undefined {
  const rules: readonly (readonly [Learned, bad: Flag, reason: BlockedReason, unknown: BlockedReason])[] = [
    [facts.wholeDisk, 0, 'partition', 'not-inspected'],
    [facts.backsSystem, 1, 'backs-system', 'backs-system-unknown'],
    [facts.holdsIso, 1, 'holds-iso', 'holds-iso-unknown'],
    [facts.mounted, 1, 'mounted', 'mounted-unknown'],
    [facts.storageMember, 1, 'storage-member', 'storage-member-unknown'],
    [facts.removable, 0, 'not-removable', 'removable-unknown'],
    [facts.readOnly, 1, 'read-only', 'read-only-unknown'],
    [
      facts.sizeBytes === 'unknown' ? 'unknown' : facts.sizeBytes === 0 ? 1 : 0,
      1,
      'no-medium',
      'size-unknown',
    ],
  ];
  const bad = rules.find(([fact, value]) => fact === value);
  if (bad !== undefined) return bad[2];
  if (largeEnough(facts, isoSize) === 0) return 'too-small';
  // Whether a device holds an image that is not there is no question.
  const unknown = rules.find(
    ([fact, , reason]) => fact === 'unknown' && !(reason === 'holds-iso' && isoSize === undefined),
  );
  return unknown && (facts.obstacle ?? unknown[3]);
}
