// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
// As a whole: bundlers put an import of its createRequire before what they make, by that name.
import nodeModule from 'node:module';
import { pathToFileURL } from 'node:url';
import { VmRunError } from '../error.js';
import type { EmulatorScript } from './script.js';

/**
 * Loads the script that runs the v86 that is installed beside this package, an optional peer: who boots in QEMU alone does
 * without its 18 MB.
 * @param resolve finds what is installed; throws where it is not there
 * @throws VmRunError `emulator-missing`
 */
export async function emulatorScript(
  resolve: (specifier: string) => string = nodeModule.createRequire(import.meta.url).resolve,
): Promise<EmulatorScript> {
  const { default: script } = await import('./worker-installed.js?bundle');
  try {
    const { version } = JSON.parse(await readFile(resolve('v86/package.json'), 'utf8'));
    const module = pathToFileURL(resolve('v86')).href;
    return { script, installed: { module, wasm: resolve('v86/build/v86.wasm'), version } };
  } catch (cause) {
    throw new VmRunError('emulator-missing', 'v86 is not installed beside @latticra/vm-run', {
      fix: 'npm install v86, or boot in QEMU',
      cause,
    });
  }
}
