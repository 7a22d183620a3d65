// SPDX-License-Identifier: Apache-2.0
import { type Environment, findProgram, firmwareRoots, surveyFirmware } from '@latticra/toolchain';
import type { PreflightSurvey } from './preflight.js';

/**
 * Looks for the tools and the firmware of the boot preview on this machine, without running anything.
 * @throws ToolchainError for firmware that cannot be right
 */
export function surveyPreflight(env: Environment): PreflightSurvey {
  return {
    isAvailable: (tool) => findProgram(tool, env) !== undefined,
    ovmfDetected: surveyFirmware('auto', 'q35', firmwareRoots(env)).codeExists,
  };
}
