// SPDX-License-Identifier: Apache-2.0
import {
  type EvidenceDocument,
  fields,
  flag,
  formatDigest,
  READINESS_CLAIMS,
  WITHHELD_AUTHORITY,
} from '@latticra/evidence-format';
import type { DeviceAssessment } from './assess.js';
import { usbCommands } from './command.js';
import { largeEnough } from './facts.js';
import { type InspectedIso, judgeIso } from './iso.js';
import { nextStep } from './next-step.js';

/** What the document is about. */
export interface UsbWriteTemplate {
  /** The readiness fixture that guarded the run, as it was named. */
  readonly manifestPath: string;
  /** As it is to stand in the document and in its commands. */
  readonly isoPath: string;
  /** Undefined when there is no file of that name. */
  readonly iso: InspectedIso | undefined;
  readonly device: DeviceAssessment;
}

/**
 * Makes the USB write command document: what an operator would run, and everything known that speaks for and
 * against it. Nothing here runs it.
 * @throws UsbCommandError `bad-image` for a file that is no ISO, or not all of one
 * @throws ShellWordError `unprintable` for a path that no command can carry
 */
export function usbWriteDocument(template: UsbWriteTemplate): EvidenceDocument {
  const { manifestPath, isoPath } = template;
  const iso = template.iso?.measurement;
  // What speaks against the device comes first: it endangers what is on a disk.
  const reason = template.device.reason ?? (template.iso && judgeIso(isoPath, template.iso));
  const device = { ...template.device, reason };
  const { facts } = device;
  const commands = usbCommands(device, isoPath, iso?.size);
  return {
    title: 'LATTICRA OS IMAGE USB WRITE COMMAND TEMPLATE',
    fields: fields({
      template_status: 'ok',
      latticra_os_image_usb_write_command_template_present: 1,
      template_mode: 'no-effect-command-generator',
      template_decision: 'operator-review-required-no-usb-write-execution',
      manifest_path: manifestPath,
      platform: device.platform,
      iso_path: isoPath,
      iso_exists: flag(iso !== undefined),
      iso_size_bytes: iso?.size ?? 'missing',
      iso_measurement: iso === undefined ? 'missing' : formatDigest(iso.sha256),
      device_path: device.path,
      device_path_valid: flag(device.valid),
      device_path_blocked: flag(device.reason !== undefined),
      device_path_placeholder: flag(device.placeholder),
      device_inspected: flag(device.inspected),
      device_whole_disk: facts.wholeDisk,
      device_removable: facts.removable,
      device_mounted: facts.mounted,
      device_backs_system: facts.backsSystem,
      device_holds_iso: facts.holdsIso,
      device_size_bytes: facts.sizeBytes,
      device_large_enough: largeEnough(facts, iso?.size),
      device_blocked_reason: device.reason ?? 'none',
      device_blocked_next_step: (reason === undefined ? undefined : nextStep(device)) ?? 'none',
      usb_write_command_ready: flag(iso !== undefined && device.valid && device.reason === undefined),
      pre_write_unmount_command: commands.unmount,
      pre_write_check_command: commands.check,
      usb_write_command: commands.write,
      post_write_command: 'sync',
      post_write_verify_command: commands.verify,
      checksum_verification_required: 1,
      target_device_verified_removable_required: 1,
      target_device_contains_no_required_data_required: 1,
      operator_consent_required: 1,
      operator_recovery_path_required: 1,
      ...WITHHELD_AUTHORITY,
      block_device_write_performed: 0,
      partition_mutation_performed: 0,
      host_mutation_performed: 0,
      root_authority: 0,
      ...READINESS_CLAIMS,
    }),
    sections: [],
  };
}
