// SPDX-License-Identifier: Apache-2.0
import { SEED_BUILD_ID_PREFIX, SEED_EXIT_CODE, SEED_SENTINEL } from '@latticra/boot-seed';
import type { SystemExpectation } from '@latticra/vm-run';
import { isSeed } from '../expectation.js';
import type { BootPreviewProfile } from '../profile.js';

/** Writes the text that tells an operator how to get to the console of this boot, and what is to be seen there. */
export function operatorConsoleText(
  profile: BootPreviewProfile,
  { buildId, expected }: { readonly buildId: string; readonly expected: SystemExpectation },
  command: string,
): string {
  return `LATTICRA BOOT PREVIEW OPERATOR CONSOLE

profile: ${profile.name}
build id: ${buildId}

The console is the machine's first serial port (COM1, 115200 baud, 8 data bits, no parity, 1 stop bit). GRUB and the
kernel both write to it; nothing has to be typed. In this capture QEMU wrote it to serial.log, with this command:

${command}

To watch it live instead, run the same command with "-serial stdio" for the two arguments after the chardev of the
serial port, and without the arguments from the QMP chardev on.

${isSeed(expected) ? seedEnd(buildId) : systemEnd(expected)}`;
}

const seedEnd = (
  buildId: string,
) => `Expected at the end: the line ${SEED_SENTINEL}, the line ${SEED_BUILD_ID_PREFIX}${buildId}, and QEMU's exit code
${SEED_EXIT_CODE}. The screen shows one line that the kernel is running.
`;

function systemEnd({ lines, contains, patterns, prompt, buildId, exitCode }: SystemExpectation): string {
  const items = [
    ...lines.map((line) => `the line ${line}`),
    ...contains.map((text) => `a line with ${text}`),
    ...patterns.map((pattern) => `a line like ${pattern}`),
    ...(buildId === undefined ? [] : [`latticra.build=${buildId} on the kernel's command line`]),
    ...(prompt === undefined ? [] : [`the prompt ${prompt}`]),
    exitCode === undefined ? 'then QEMU was stopped' : `QEMU's exit code ${exitCode}`,
  ];
  return `Expected:\n${items.map((item) => `- ${item}\n`).join('')}`;
}
