// SPDX-License-Identifier: Apache-2.0
import { ToolchainError } from '../error.js';
import { findFirmware } from './find.js';
import { type FlashFormat, fileSize } from './flash.js';
import type { MachineName } from './match.js';
import { pairFirmware } from './pair.js';
import { type FirmwareRoots, firmwareRoots } from './roots.js';

/** UEFI firmware for a report that also has to say what is missing. */
export interface FirmwareSurvey {
  readonly kind: 'uefi';
  /** Undefined where none was named and none is installed. */
  readonly code: string | undefined;
  readonly codeExists: boolean;
  readonly codeFormat: FlashFormat;
  /** Undefined where the template that belongs to the code was not found. */
  readonly vars: string | undefined;
  readonly varsFormat: FlashFormat;
  readonly requiresSmm: boolean;
}

const MISSING: ReadonlySet<string> = new Set(['firmware-missing', 'firmware-not-found', 'firmware-unpaired']);

/**
 * Returns the firmware on this machine for `auto`, or for the code file at a path, and what of it is missing.
 * @throws ToolchainError `firmware-unreadable`, `firmware-mismatched`, `bad-descriptor`: those are not missing but wrong
 */
export function surveyFirmware(
  choice: string,
  machine: MachineName,
  roots: FirmwareRoots = firmwareRoots(),
): FirmwareSurvey {
  try {
    const found = choice === 'auto' ? findFirmware({ machine }, roots) : pairFirmware(choice, roots);
    return { kind: 'uefi', codeExists: true, ...found };
  } catch (error) {
    if (!(error instanceof ToolchainError && MISSING.has(error.code))) throw error;
    const code = choice === 'auto' ? undefined : choice;
    const codeExists = code !== undefined && fileSize(code) !== undefined;
    const formats = { codeFormat: 'raw', varsFormat: 'raw' } as const;
    return { kind: 'uefi', code, codeExists, vars: undefined, ...formats, requiresSmm: false };
  }
}
