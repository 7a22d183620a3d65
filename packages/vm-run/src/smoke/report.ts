// SPDX-License-Identifier: Apache-2.0
import { basename, join } from 'node:path';
import {
  type EvidenceDocument,
  fields,
  flag,
  formatDigest,
  READINESS_CLAIMS,
  type Section,
  WITHHELD_AUTHORITY,
} from '@latticra/evidence-format';
import { assertBoot } from '../assert.js';
import {
  type SeedExpectation,
  type SystemExpectation,
  seedExpectation,
  systemExpectation,
} from '../expectation.js';
import type { BootObservation } from '../observation.js';
import { isSeedsOwn } from '../own.js';
import type { SmokeChoice } from './plan.js';
import { systemSections } from './sections.js';

/** The value of a field that a run in v86 does without. */
const NOT_REQUIRED = 'not-required';
const NONE = 'none';
const UNKNOWN = 'unknown';

/**
 * Makes the smoke document of a boot that did what it had to; of another there is none. Facts that only QEMU can show
 * stay 0 for a run in v86. Ready is only what is the seed's own: any code can print the lines that are expected.
 * @throws VmRunError as `assertBoot`
 */
export function smokeReport(
  choice: ReportedChoice,
  observation: BootObservation,
  expected: SeedExpectation,
): EvidenceDocument {
  assertBoot(observation, seedExpectation(expected));
  return documentOf(choice, observation, { seed: expected, sections: [] });
}

/**
 * Makes the smoke document of another system's boot that did what it had to; of another there is none. None of the seed's
 * marks is recorded, and nothing is called ready.
 * @throws VmRunError as `assertBoot`
 */
export function systemReport(
  choice: ReportedChoice,
  observation: BootObservation,
  expected: SystemExpectation,
): EvidenceDocument {
  assertBoot(observation, systemExpectation(expected));
  const sections = systemSections(observation, expected);
  return documentOf(choice, observation, { seed: undefined, sections });
}

type ReportedChoice = Pick<SmokeChoice, 'image' | 'outputDir'>;

/** What decides what a report says of a boot. */
interface Reported {
  /** The marks of the seed that were seen; undefined for another system. */
  readonly seed: SeedExpectation | undefined;
  readonly sections: readonly Section[];
}

function documentOf(
  choice: ReportedChoice,
  observation: BootObservation,
  { seed, sections }: Reported,
): EvidenceDocument {
  const { qemu, end, own } = observation;
  const isIso = choice.image.format === 'iso';
  const inQemu = flag(qemu !== undefined);
  const isReady = seed !== undefined && isSeedsOwn(own);
  const isOurs = (is: boolean | undefined) => (is === undefined ? UNKNOWN : flag(is));
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
      boot_seed_serial_sentinel: seed?.sentinel ?? NONE,
      boot_seed_build_id_matched: flag(seed !== undefined),
      boot_seed_qemu_serial_sentinel_recorded: flag(seed !== undefined && qemu !== undefined),
      boot_seed_embedded_smoke_ready: flag(isReady && qemu === undefined),
      boot_seed_qemu_smoke_ready: flag(isReady && qemu !== undefined),
      qemu_run_performed: inQemu,
      ...WITHHELD_AUTHORITY,
      host_mutation_performed: 0,
      ...READINESS_CLAIMS,
      loader_is_ours: isOurs(own?.loader),
      kernel_is_ours: isOurs(own?.kernel),
    }),
    sections,
  };
}
