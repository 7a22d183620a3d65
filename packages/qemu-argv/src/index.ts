// SPDX-License-Identifier: Apache-2.0
export {
  type Attachment,
  type DiskFormat,
  type MachineFirmware,
  type MachineName,
  type QemuMachine,
  qemuArgv,
} from './argv.js';
export { QemuArgvError, type QemuArgvErrorCode } from './error.js';
export type { InspectedImage } from './image.js';
export { formatOptions, imageFile, parseOptions } from './options.js';
export { vmTestCommand } from './vm-test-command.js';
export { planVmTest, type VmTestFirmware, type VmTestPlan, type VmTestRequest } from './vm-test-plan.js';
