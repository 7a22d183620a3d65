// SPDX-License-Identifier: Apache-2.0
import type { Measurement } from '@latticra/held-files';
import { type ObservedFirmware, VmRunError } from '@latticra/vm-run';
import type { RecordedFirmware } from '../evidence/schema.js';
import type { RecordedFile } from '../files/recorded.js';

const recorded = ({ path, sha256 }: Measurement): RecordedFile => ({ path, sha256 });

/**
 * Returns the firmware of a boot as a record has it.
 * @throws VmRunError `emulator-failed` for a SeaBIOS that was not measured
 */
export function recordedFirmware(firmware: ObservedFirmware): RecordedFirmware {
  if (firmware.code === undefined) {
    throw new VmRunError('emulator-failed', 'the firmware of the boot was not measured');
  }
  return {
    code: recorded(firmware.code),
    varsTemplate: firmware.kind === 'uefi' ? recorded(firmware.vars) : undefined,
  };
}
