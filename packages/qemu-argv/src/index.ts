// SPDX-License-Identifier: Apache-2.0
export {
  type Attachment,
  type DiskFormat,
  type MachineFirmware,
  type MachineName,
  type QemuMachine,
  qemuArgv,
} from './argv.js';
export type { InspectedImage } from './image.js';
export { formatOptions, imageFile, parseOptions } from './options.js';
export {
  type VmTestFirmware,
  type VmTestRequest,
  vmTestCommand,
} from './vm-test-command.js';
