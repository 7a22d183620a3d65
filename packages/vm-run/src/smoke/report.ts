// SPDX-License-Identifier: Apache-2.0
import { basename, join } from 'node:path';
import {
  type EvidenceDocument,
  fields,
  flag,
  formatDigest,
  READINESS_CLAIMS,
  WITHHELD_AUTHORITY,
} from '@latticra/evidence-format';
import { assertBoot } from '../assert.js';
import { type SeedExpectation, seedExpectation } from '../expectation.js';
import type { BootObservation } from '../observation.js';
import type { OwnParts } from './own.js';
import type { SmokeChoice } from './plan.js';

/** The value of a field that a run in v86 does without. */
const NOT_REQUIRED = 'not-required';
const NONE = 'none';

/**
 * Makes the smoke document of a boot that did what it had to; of another there is none. Facts that only QEMU can show
 * stay 0 for a run in v86. Ready is only what is the seed's own: any code can print the lines that are expected.
 * @param own what of the image was found to be the seed's own; nothing where nobody looked
 * @throws VmRunError as `assertBoot`
 */
export function smokeReport(
  choice: Pick<SmokeChoice, 'image' | 'outputDir'>,
  observation: BootObservation,
  expected: SeedExpectation,
  own: OwnParts = { loader: false, kernel: false },
): EvidenceDocument {
  assertBoot(observation, seedExpectation(expected));
  const { qemu, end } = observation;
  const isIso = choice.image.format === 'iso';
  const inQemu = flag(qemu !== undefined);
  const isOwn = own.loader && own.kernel;
  const code = qemu?.firmware.kind === 'uefi' ? qemu.firmware.code : undefined;
  /** Returns the file under its folder's name as the caller gave it. */
  const kept = (path: string | undefined) =>
    path === undefined ? NONE : join(choice.outputDir, basename(path));
  return {
    title: 'LATTICRA BOOT SEED QEMU SMOKE',
    fields: fields({
      smoke_status: 'ok',
      latticra_boot_seed_qemu_smoke_script_present: 1,
      boot_seed_iso_path: isIso ? choice.image.path : NONE,
      boot_seed_vm_image_path: isIso ? NONE : choice.image.path,
      boot_seed_qemu_boot_source: isIso ? 'iso' : 'disk',
      boot_seed_smoke_emulator: observation.emulator,
      emulator_version: observation.emulatorVersion,
      qemu_system_x86_64_path: qemu?.program ?? NOT_REQUIRED,
      qemu_machine_resolved: qemu?.machine ?? NOT_REQUIRED,
      qemu_accelerator: qemu?.accelerator ?? NOT_REQUIRED,
      firmware: qemu?.firmware.kind ?? NONE,
      uefi_firmware_path: code?.path ?? NOT_REQUIRED,
      uefi_firmware_sha256: code === undefined ? NOT_REQUIRED : formatDigest(code.sha256),
      qemu_argv_record_path: kept(qemu?.argvRecordPath),
      qemu_exit_code: qemu !== undefined && end.kind === 'exit' ? end.code : NONE,
      boot_duration_ms: observation.durationMs,
      serial_log_path: kept(observation.serialLog.path),
      serial_log_sha256: formatDigest(observation.serialLog.sha256),
      qemu_log_path: kept(qemu?.logPath),
      screenshot_path: kept(observation.screenshotPath),
      image_sha256_before: formatDigest(observation.imageBefore.sha256),
      image_sha256_after: formatDigest(observation.imageAfter.sha256),
      image_unchanged: 1,
      boot_seed_serial_sentinel: expected.sentinel,
      boot_seed_build_id_matched: 1,
      boot_seed_qemu_serial_sentinel_recorded: inQemu,
      boot_seed_embedded_smoke_ready: flag(isOwn && qemu === undefined),
      boot_seed_qemu_smoke_ready: flag(isOwn && qemu !== undefined),
      qemu_run_performed: inQemu,
      ...WITHHELD_AUTHORITY,
      host_mutation_performed: 0,
      ...READINESS_CLAIMS,
      loader_is_ours: flag(own.loader),
      kernel_is_ours: flag(own.kernel),
    }),
    sections: [],
  };
}
