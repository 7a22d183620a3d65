// SPDX-License-Identifier: Apache-2.0
export {
  type AcceptedDevice,
  assessDevice,
  blindInspector,
  type DeviceAssessment,
  type DeviceInspector,
  type IsoOnDisk,
  type Location,
} from './assess.js';
export { WITHHELD } from './command.js';
export { type UsbWriteTemplate, usbWriteDocument } from './document.js';
export { UsbCommandError, type UsbCommandErrorCode } from './error.js';
export {
  type DeviceFacts,
  type Inspection,
  judgeFacts,
  type Learned,
  type Obstacle,
  type UnseenReason,
} from './facts.js';
export { inspectorFor } from './inspector.js';
export type { InspectedIso } from './iso.js';
export { linuxInspector } from './linux/inspect.js';
export type { LinuxView } from './linux/view.js';
export { type ListDevicesOptions, type ListedDevice, listDevices } from './list.js';
export { macosInspector } from './macos/inspect.js';
export type { MacosView } from './macos/view.js';
export { judgeName, type NameVerdict, PLACEHOLDER, SYSTEM_DISK_NAMES } from './name.js';
export type { UsbWriteCommands, UsbWritePlan } from './plan.js';
export { choosePlatform, PLATFORM_CHOICES, type PlatformChoice, type UsbPlatform } from './platform.js';
export type { BlockedReason } from './reason.js';
export {
  planUsbWrite,
  type UsbWriteOptions,
  type UsbWriteRequest,
  usbWriteCommand,
} from './write-command.js';
