// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import type { EvidenceDocument } from '@latticra/evidence-format';
import { type AcceptedDevice, assessDevice, blindInspector, type DeviceInspector } from './assess.js';
import { usbWriteDocument } from './document.js';
import { UsbCommandError } from './error.js';
import { inspectorFor } from './inspector.js';
import { inspectIfPresent, judgeIso } from './iso.js';
import { type Judged, planOf, type UsbWritePlan } from './plan.js';
import { choosePlatform, type UsbPlatform } from './platform.js';

/** What is to be written where, as the operator says it. */
export interface UsbWriteRequest {
  /** The readiness fixture that guarded the run, for the document; `none` unless given. */
  readonly manifestPath?: string;
  readonly isoPath: string;
  readonly devicePath: string;
  /** What the commands are for: this machine's unless given. */
  readonly platform?: UsbPlatform;
  /** The digest that the image has to have, 64 hexadecimal digits. */
  readonly expectSha256?: string | undefined;
  readonly accepted?: AcceptedDevice | undefined;
}

/** The outside. */
export interface UsbWriteOptions {
  /** The folder that a relative path starts from: the current one unless given. */
  readonly cwd?: string;
  readonly inspector?: DeviceInspector;
  /** Called with the number of bytes each step of reading the image added. */
  readonly onBytes?: (count: number) => void;
  /** Ends the measuring, with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Measures the image and looks into it, assesses the device by looking at it on this machine, and says as values what
 * {@link usbWriteCommand} says in a document. Nothing is run, and no device is opened.
 *
 * @example
 * import { planUsbWrite } from '@latticra/usb-cmd';
 *
 * const { ready, nextStep, commands } = await planUsbWrite({ isoPath: 'os.iso', devicePath: '/dev/sdb' });
 * console.log(ready ? commands.write : nextStep);
 *
 * @throws as {@link usbWriteCommand}; UsbCommandError `unsupported-platform`
 */
export async function planUsbWrite(
  request: UsbWriteRequest,
  options: UsbWriteOptions = {},
): Promise<UsbWritePlan> {
  const platform = request.platform ?? choosePlatform('auto');
  return planOf(await judge(request, platform, { inspector: inspectorFor(platform), ...options }));
}

/**
 * Measures the image and looks into it, assesses the device, and puts both in a document.
 * @throws UsbCommandError `bad-request`, `iso-differs` for another image than the expected one, `bad-image` for no ISO
 * @throws HeldFileError for an image that is there but is no regular file, cannot be read, or changes meanwhile
 * @throws ShellWordError `unprintable` for a path that no command can carry
 */
export async function usbWriteCommand(
  request: UsbWriteRequest,
  options: UsbWriteOptions = {},
): Promise<EvidenceDocument> {
  const { manifestPath = 'none', platform = choosePlatform('auto') } = request;
  return usbWriteDocument({ manifestPath, ...(await judge(request, platform, options)) });
}

async function judge(
  request: UsbWriteRequest,
  platform: UsbPlatform,
  options: UsbWriteOptions,
): Promise<Judged> {
  const { cwd = process.cwd(), inspector = blindInspector } = options;
  const expected = request.expectSha256?.toLowerCase();
  if (expected !== undefined && !/^[0-9a-f]{64}$/.test(expected)) {
    throw new UsbCommandError('bad-request', '--expect-sha256: expected 64 hexadecimal digits');
  }
  const absolute = resolve(cwd, request.isoPath);
  const iso = await inspectIfPresent(absolute, options);
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
    platform,
    iso === undefined ? undefined : { path: absolute, size: iso.measurement.size },
    inspector,
    request.accepted,
  );
  return { isoPath: request.isoPath, iso, device };
}
