// SPDX-License-Identifier: Apache-2.0
import type { InstalledEmulator } from './message.js';

/** The script of the emulator's thread, and where it finds v86 where that is not inside. */
export interface EmulatorScript {
  readonly script: string;
  readonly installed?: InstalledEmulator | undefined;
}

/**
 * Loads the script with v86 in it: megabytes that only a boot in v86 needs. The build of a library takes
 * `script.installed.ts` in place of this file, so that it carries no copy.
 */
export async function emulatorScript(): Promise<EmulatorScript> {
  const { default: script } = await import('./worker.js?bundle');
  return { script };
}
