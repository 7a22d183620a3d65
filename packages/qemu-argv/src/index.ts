// SPDX-License-Identifier: Apache-2.0
export {
  type Attachment,
  type DiskFormat,
  type MachineFirmware,
  type MachineName,
  type QemuMachine,
  qemuArgv,
} from './argv.js';
export { formatOptions, imageFile, parseOptions } from './options.js';
export {
  type VmTestFirmware,
  type VmTestImage,
  type VmTestImageFormat,
  type VmTestRequest,
  vmTestCommand,
} from './vm-test-command.js';
