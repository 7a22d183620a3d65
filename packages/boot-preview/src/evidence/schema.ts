// SPDX-License-Identifier: Apache-2.0
import type { RecordedFile } from '../artifact/schema.js';
import type { BootPreviewProfile } from '../profile.js';

/** The title line of an evidence record. */
export const EVIDENCE_TITLE = 'SEABIOS GRUB BOOT PREVIEW EVIDENCE';

/** The one result that is recorded: of any other boot there is no record. */
export const BOOT_RESULT = 'sentinel-and-build-id-recorded';

/** The firmware files that a machine was started with, by their absolute paths there. */
export interface RecordedFirmware {
  readonly code: RecordedFile;
  /** The template that the machine's variables were copied from; undefined for SeaBIOS. */
  readonly varsTemplate: RecordedFile | undefined;
}

/** The files that a record consists of, by paths from the record's folder on. */
export interface EvidenceFiles {
  readonly preflightReport: RecordedFile;
  readonly fixture: RecordedFile;
  readonly bootArtifactManifest: RecordedFile;
  readonly diskImage: RecordedFile;
  readonly argvRecord: RecordedFile;
  readonly serialLog: RecordedFile;
  readonly operatorConsoleBoot: RecordedFile;
  readonly operatorRecovery: RecordedFile;
  readonly rollbackOrRecovery: RecordedFile;
  readonly operatorConsent: RecordedFile;
  readonly qemuLog: RecordedFile;
}

/**
 * The screen of a boot. QEMU before 8.2 takes it away as the guest ends the machine; then it is that of a second boot of
 * the same image, without isa-debug-exit, with argv and log of its own.
 */
export interface RecordedScreen {
  readonly screenshot: RecordedFile;
  readonly argvRecord: RecordedFile;
  readonly serialLog: RecordedFile;
}

/** What was recorded of one boot of one profile. */
export interface BootEvidence {
  readonly profile: BootPreviewProfile;
  readonly operatorReviewId: string;
  readonly files: EvidenceFiles;
  /** Absolute path that the record's folder had; the argv's paths lie below it. */
  readonly captureFolder: string;
  /** Of the kernel in the image, as the machine reported it. */
  readonly buildId: string;
  readonly durationMs: number;
  /** Absolute path of QEMU, and what it said of itself. */
  readonly program: string;
  readonly qemuVersion: string;
  readonly machineResolved: string;
  readonly accelerator: 'tcg' | 'kvm';
  readonly firmware: RecordedFirmware;
  /** 64 hexadecimal digits each. */
  readonly imageSha256Before: string;
  readonly imageSha256After: string;
  readonly argv: readonly string[];
  /** Undefined where QEMU could not draw it. */
  readonly screen: RecordedScreen | undefined;
}
