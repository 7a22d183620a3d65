// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import type { EvidenceDocument } from '@latticra/evidence-format';
import { type AcceptedDevice, assessDevice, blindInspector, type DeviceInspector } from './assess.js';
import { usbWriteDocument } from './document.js';
import { UsbCommandError } from './error.js';
import { inspectIfPresent, judgeIso } from './iso.js';
import type { UsbPlatform } from './platform.js';

/** What is to be written where, as the operator says it. */
export interface UsbWriteRequest {
  readonly manifestPath: string;
  readonly isoPath: string;
  readonly devicePath: string;
  readonly platform: UsbPlatform;
  /** The digest that the image has to have, 64 hexadecimal digits. */
  readonly expectSha256?: string | undefined;
  readonly accepted?: AcceptedDevice | undefined;
}

/** The outside. */
export interface UsbWriteOptions {
  readonly cwd: string;
  readonly inspector?: DeviceInspector;
  /** Called with the number of bytes each step of reading the image added. */
  readonly onBytes?: (count: number) => void;
}

/**
 * Measures the image and looks into it, assesses the device, and puts both in a document.
 * @throws UsbCommandError `bad-request`, `iso-differs` for another image than the expected one, `bad-image` for no ISO
 * @throws HeldFileError for an image that is there but is no regular file, cannot be read, or changes meanwhile
 * @throws ShellWordError `unprintable` for a path that no command can carry
 */
export async function usbWriteCommand(
  request: UsbWriteRequest,
  { cwd, inspector = blindInspector, onBytes }: UsbWriteOptions,
): Promise<EvidenceDocument> {
  const expected = request.expectSha256?.toLowerCase();
  if (expected !== undefined && !/^[0-9a-f]{64}$/.test(expected)) {
    throw new UsbCommandError('bad-request', '--expect-sha256: expected 64 hexadecimal digits');
  }
  const absolute = resolve(cwd, request.isoPath);
  const iso = await inspectIfPresent(absolute, onBytes);
  if (iso !== undefined) judgeIso(request.isoPath, iso);
  if (iso !== undefined && expected !== undefined && iso.measurement.sha256 !== expected) {
    throw new UsbCommandError(
      'iso-differs',
      `${JSON.stringify(request.isoPath)}: its sha256 is ${iso.measurement.sha256}, expected ${expected}`,
      { fix: 'get the image again, and the digest from who made it' },
    );
  }
  const device = await assessDevice(
    request.devicePath,
    request.platform,
    iso === undefined ? undefined : { path: absolute, size: iso.measurement.size },
    inspector,
    request.accepted,
  );
  return usbWriteDocument({ ...request, iso, device });
}
