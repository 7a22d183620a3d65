// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { exitCodeOf, reasonOf, writeErr, writeOut } from '@latticra/lane';
import { requireProgram } from '@latticra/toolchain';
import { createDrive } from './drive.js';
import { GuardFailure } from './error.js';
import type { Guard } from './guard.js';
import { artifactManifestFromFiles } from './guards/artifact-manifest-from-files.js';
import { artifactManifestTemplate } from './guards/artifact-manifest-template.js';
import { artifactManifestValidate } from './guards/artifact-manifest-validate.js';
import { bootPreviewArgvTemplate } from './guards/boot-preview-argv-template.js';
import { bootPreviewArtifactTemplate } from './guards/boot-preview-artifact-template.js';
import { bootPreviewArtifactValidate } from './guards/boot-preview-artifact-validate.js';
import { bootPreviewContract } from './guards/boot-preview-contract.js';
import { bootPreviewEvidenceTemplate } from './guards/boot-preview-evidence-template.js';
import { bootPreviewEvidenceValidate } from './guards/boot-preview-evidence-validate.js';
import { bootPreviewPreflight } from './guards/boot-preview-preflight.js';
import { operatorBundleFromArtifacts } from './guards/operator-bundle-from-artifacts.js';
import { releaseReadinessContract } from './guards/release-readiness-contract.js';
import { usbWriteCommand } from './guards/usb-write-command.js';
import { vmTestCommand } from './guards/vm-test-command.js';

const GUARDS: readonly Guard[] = [
  releaseReadinessContract,
  artifactManifestTemplate,
  artifactManifestFromFiles,
  artifactManifestValidate,
  operatorBundleFromArtifacts,
  usbWriteCommand,
  vmTestCommand,
  bootPreviewContract,
  bootPreviewPreflight,
  bootPreviewEvidenceTemplate,
  bootPreviewEvidenceValidate,
  bootPreviewArgvTemplate,
  bootPreviewArtifactTemplate,
  bootPreviewArtifactValidate,
];

/** The exit statuses of a guard: that its facts hold, and that one does not. */
const HOLDS = 0;
const BROKEN = 1;

/** The exit statuses of a guard that was interrupted, as shells have them. */
const INTERRUPTED = { SIGINT: 130, SIGTERM: 143 };

/**
 * Runs the guard that a command is named after: `test-latticra-os-image-usb-write-command` is that of
 * `latticra_os_image_usb_write_command`. The lanes are looked for beside the command, then on PATH.
 * @returns the exit status: 0, 1 for a fact that does not hold, 69 where a lane is not installed, 130 or 143 for a
 *   guard that was interrupted
 */
export async function runGuard(
  bin: string,
  argv: readonly string[] = process.argv.slice(2),
): Promise<number> {
  const guard = GUARDS.find(({ name }) => bin === `test-${name.replaceAll('_', '-')}`);
  const controller = new AbortController();
  let interrupted: number | undefined;
  for (const [signal, status] of Object.entries(INTERRUPTED)) {
    process.on(signal, () => {
      interrupted ??= status;
      controller.abort();
    });
  }
  try {
    if (guard === undefined) throw new GuardFailure(`no guard is called ${bin}`);
    if (argv.length > 0) {
      writeOut(
        1,
        `${bin}: ${guard.summary}\n\nTakes no flags. Drives the real lanes on files of its own in a temporary folder.\n`,
      );
      return argv.every((word) => word === '--help') ? HOLDS : 64;
    }
    await hold(guard, controller.signal);
    writeOut(1, `${guard.name}: ok\n`);
    return HOLDS;
  } catch (error) {
    writeErr(`${bin}: ${interrupted === undefined ? reasonOf(error) : 'interrupted'}\n`);
    return interrupted ?? (error instanceof GuardFailure ? BROKEN : exitCodeOf(error));
  }
}

async function hold(guard: Guard, signal: AbortSignal): Promise<void> {
  const path = [dirname(process.argv[1] ?? ''), process.env.PATH ?? ''].join(delimiter);
  const folder = mkdtempSync(join(tmpdir(), 'latticra-guard-'));
  try {
    const find = (lane: string) => requireProgram(lane, { PATH: path });
    await guard.check(createDrive(folder, { find, path, signal }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
