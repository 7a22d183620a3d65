// SPDX-License-Identifier: Apache-2.0
import type { Attachment, MachineName } from '@latticra/qemu-argv';
import type { BootEnd, BootImageFormat } from '@latticra/vm-run';
import type { BootEvidence, MatrixFirmware } from '../matrix/matrix.js';

/** What came of a case: its boot showed what it had to, the firmware refused its loader, or neither. */
export type BootOutcome = 'booted' | 'refused' | 'failed';

/** A file beside the record. */
export interface RecordedFile {
  /** A bare name. */
  readonly name: string;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
}

/** The firmware that ran, 64 hexadecimal digits each. */
export interface FirmwareDigests {
  readonly code: string;
  /** Of the template that the machine's variables were copied from; SeaBIOS has none. */
  readonly variables: string | undefined;
}

/** One boot of one case: what was asked, what was seen, and the files that show it. */
export interface BootRecord {
  readonly caseName: string;
  readonly imageName: string;
  readonly imageFormat: BootImageFormat;
  readonly attach: Attachment;
  readonly machineName: string;
  readonly machine: MachineName;
  readonly firmware: MatrixFirmware;
  readonly expect: 'boot' | 'refusal';
  readonly evidence: BootEvidence;
  /** Digests of the image, before and after. */
  readonly imageBefore: string;
  readonly imageAfter: string;
  readonly imageBytes: number;
  readonly qemuVersion: string;
  /** With its version: `pc-q35-7.2`. */
  readonly machineResolved: string;
  readonly accelerator: 'tcg' | 'kvm';
  readonly firmwareBefore: FirmwareDigests;
  readonly firmwareAfter: FirmwareDigests;
  readonly endKind: BootEnd['kind'];
  /** Where it ended by itself. */
  readonly endCode: number | undefined;
  /** How it ended, for a person. */
  readonly end: string;
  readonly durationMs: number;
  readonly serialLog: RecordedFile;
  readonly argvRecord: RecordedFile;
  readonly screenshot: RecordedFile | undefined;
}

/** What a record comes to, derived from its facts and from the log that lies beside it. */
export interface Verdict {
  readonly outcome: BootOutcome;
  /** Why it failed; undefined where it did not. */
  readonly reason: string | undefined;
}

/** The title line of a record. */
export const RECORD_TITLE = 'LATTICRA BOOT MATRIX RECORD';

/** What a record is called in its folder. */
export const RECORD_FILE = 'record.txt';
