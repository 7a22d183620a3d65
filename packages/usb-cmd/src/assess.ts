// SPDX-License-Identifier: Apache-2.0
import { posix } from 'node:path';
import {
  type DeviceFacts,
  type Inspection,
  judgeFacts,
  NOTHING_LEARNED,
  type UnseenReason,
} from './facts.js';
import { judgeName, type NameVerdict } from './name.js';
import type { UsbPlatform } from './platform.js';
import type { BlockedReason } from './reason.js';

/** The image that is to be written. */
export interface IsoOnDisk {
  /** Absolute path. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/** Where a device really is, or why that is not known. */
export type Location = { readonly node: string } | { readonly reason: UnseenReason };

/** A way to look at devices. Nothing that is done here writes to one, or opens one. */
export interface DeviceInspector {
  /** Finds the device node that a path leads to, through a `/dev/disk/by-…` link where it is one. */
  locate(path: string): Promise<Location>;
  /**
   * Learns what can be learned of a device without opening it.
   * @param node a whole disk's device node, such as `/dev/sdb`
   */
  inspect(node: string, iso: IsoOnDisk | undefined): Promise<Inspection>;
}

/** The inspector for devices of another machine: it looks at nothing. */
export const blindInspector: DeviceInspector = {
  locate: async () => ({ reason: 'not-inspected' }),
  inspect: async () => ({ inspected: false, reason: 'not-inspected' }),
};

/** What the operator knows of a device whose name is blocked: both have to be the device's own. */
export interface AcceptedDevice {
  /** The kernel's name of it: `mmcblk0`. */
  readonly name: string;
  readonly serial: string;
}

/** A device as the operator named it, and what is known of it. */
export interface DeviceAssessment {
  readonly path: string;
  readonly platform: UsbPlatform;
  /** Whether the path is one of a whole disk on the platform. */
  readonly valid: boolean;
  readonly placeholder: boolean;
  readonly inspected: boolean;
  readonly facts: DeviceFacts;
  /** Why it must not be written to; undefined when nothing speaks against it. */
  readonly reason: BlockedReason | undefined;
}

/**
 * Judges a device first by its name and then by looking at it. A placeholder names no device, so it is not
 * looked at; a real device that was not looked at is blocked.
 * @param accepted lets a device pass that is blocked for its name alone, when it is this one
 */
export async function assessDevice(
  path: string,
  platform: UsbPlatform,
  iso: IsoOnDisk | undefined,
  inspector: DeviceInspector,
  accepted?: AcceptedDevice,
): Promise<DeviceAssessment> {
  const named = accept(judgeName(path, platform), path, accepted);
  const unseen = (reason: BlockedReason | undefined, valid = named.valid): DeviceAssessment => ({
    path,
    platform,
    valid,
    placeholder: named.placeholder,
    inspected: false,
    facts: NOTHING_LEARNED,
    reason,
  });
  if (named.placeholder || named.reason !== undefined) return unseen(named.reason);
  const location = await inspector.locate(path);
  if ('reason' in location) return unseen(location.reason);
  const { valid, link, reason } = accept(judgeName(location.node, platform), location.node, accepted);
  if (reason !== undefined) return unseen(reason, valid);
  if (link) return unseen('not-a-disk', false);
  const seen = await inspector.inspect(location.node, iso);
  if (!seen.inspected) return unseen(seen.reason);
  const judged = judgeFacts(seen.facts, iso?.size) ?? judgeSerial(seen.serials ?? [], accepted);
  return { ...unseen(judged), inspected: true, facts: seen.facts };
}

/** Lifts the block on a whole disk's name, and on no other. */
function accept(named: NameVerdict, path: string, accepted: AcceptedDevice | undefined): NameVerdict {
  const isAccepted =
    named.reason === 'system-disk-name' && named.valid && posix.basename(path) === accepted?.name;
  return isAccepted ? { ...named, reason: undefined } : named;
}

function judgeSerial(
  serials: readonly string[],
  accepted: AcceptedDevice | undefined,
): BlockedReason | undefined {
  if (accepted === undefined || serials.includes(accepted.serial)) return undefined;
  return serials.length === 0 ? 'serial-unknown' : 'serial-differs';
}
