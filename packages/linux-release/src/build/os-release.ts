// SPDX-License-Identifier: Apache-2.0
import type { OperatingSystem } from '@latticra/sbom/root';

/** Returns the os-release text of a unified kernel image: that of its root, or one that says no more than what is known. */
export function osReleaseText(system: OperatingSystem | undefined, kernelRelease: string): string {
  const text = system?.release?.text;
  if (text !== undefined) return text.endsWith('\n') ? text : `${text}\n`;
  return `ID=linux\nNAME=Linux\nPRETTY_NAME="Linux ${kernelRelease}"\n`;
}
