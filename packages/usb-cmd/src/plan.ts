// SPDX-License-Identifier: Apache-2.0
import type { DeviceAssessment } from './assess.js';
import { usbCommands, WITHHELD } from './command.js';
import { type InspectedIso, judgeIso } from './iso.js';
import { nextStep } from './next-step.js';
import type { BlockedReason } from './reason.js';

/** What is known of an image and a device, before it is put together. */
export interface Judged {
  readonly isoPath: string;
  /** Undefined when there is no file of that name. */
  readonly iso: InspectedIso | undefined;
  readonly device: DeviceAssessment;
}

/** The commands of a write, each one line for a POSIX shell; undefined where there is none to be run. */
export interface UsbWriteCommands {
  readonly unmount: string | undefined;
  /** Asks the kernel whether anybody holds the device. */
  readonly check: string | undefined;
  readonly write: string | undefined;
  readonly sync: string | undefined;
  /** Compares the medium with the image. */
  readonly verify: string | undefined;
}

/** A write of an image to a device, as a program asks for it: what the document says, as values. */
export interface UsbWritePlan {
  /** The image is there, and nothing speaks against the device. */
  readonly ready: boolean;
  /** Why not to write; undefined where nothing but a missing image keeps it from being ready. */
  readonly reason: BlockedReason | undefined;
  /** What a person can do about the reason. */
  readonly nextStep: string | undefined;
  /** Bytes and SHA-256 of the image; undefined when there is no file of that name. */
  readonly iso: InspectedIso['measurement'] | undefined;
  /** With the reason of the image, where that is the one. */
  readonly device: DeviceAssessment;
  readonly commands: UsbWriteCommands;
}

/** Puts together what was found. @throws UsbCommandError `bad-image`, ShellWordError `unprintable` */
export function planOf({ isoPath, iso, device: found }: Judged): UsbWritePlan {
  // What speaks against the device comes first: it endangers what is on a disk.
  const reason = found.reason ?? (iso && judgeIso(isoPath, iso));
  const device = { ...found, reason };
  const said = usbCommands(device, isoPath, iso?.measurement.size);
  const isBlocked = reason !== undefined;
  const shell = (command: string) =>
    command === WITHHELD || /^(?:not-required|unavailable)-/.test(command) ? undefined : command;
  return {
    ready: iso !== undefined && device.valid && !isBlocked,
    reason,
    nextStep: nextStep(device),
    iso: iso?.measurement,
    device,
    commands: {
      unmount: shell(said.unmount),
      check: shell(said.check),
      write: shell(said.write),
      sync: isBlocked ? undefined : 'sync',
      verify: shell(said.verify),
    },
  };
}
