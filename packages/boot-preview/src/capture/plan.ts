// SPDX-License-Identifier: Apache-2.0
import { join, resolve } from 'node:path';
import { formatCommand } from '@latticra/shell-words';
import {
  type Environment,
  type FirmwareRoots,
  findFirmware,
  firmwareRoots,
  requireProgram,
  requireSeaBios,
} from '@latticra/toolchain';
import {
  type BootFirmware,
  type BootRequest,
  bootArgv,
  findExpectationProblem,
  NOTHING_EXPECTED,
  type SystemExpectation,
  systemExpectation,
} from '@latticra/vm-run';
import { profileMachine } from '../argv.js';
import { loadBootArtifactManifest } from '../artifact/load.js';
import { manifestProfile } from '../artifact/profile.js';
import { type BootArtifactValidation, validateBootArtifacts } from '../artifact/validate.js';
import { assertConsent, loadOperatorConsent } from '../consent/check.js';
import { BootPreviewError, refusal } from '../error.js';
import { isSeed, seedSystem } from '../expectation.js';
import { type BootPreviewProfile, type ProfileName, profileNamed } from '../profile.js';
import { captureNames } from './names.js';

/** What to boot, and the operator's consent to it. Paths as the operator names them. */
export interface CaptureRequest {
  readonly profile: ProfileName;
  readonly bootArtifactManifest: string;
  readonly operatorReviewId: string;
  readonly operatorConsent: string;
  readonly outputDir: string;
  readonly timeoutMs: number;
  /** What a Linux has to show; its build id comes from the image. The boot seed has marks of its own. */
  readonly expected?: SystemExpectation;
}

/** What a capture is given of the machine that it runs on. */
export interface CaptureHost {
  readonly cwd: string;
  readonly env?: Environment;
  readonly roots?: FirmwareRoots;
  readonly signal?: AbortSignal;
  /** Receives the number of bytes of the image that each step has read. */
  readonly onBytes?: (count: number) => void;
}

/** A boot that may be captured: image and consent hold, QEMU and firmware are here. Nothing was started or written. */
export interface CapturePlan {
  readonly request: CaptureRequest;
  readonly profile: BootPreviewProfile;
  readonly artifacts: BootArtifactValidation;
  /** Absolute. */
  readonly captureFolder: string;
  readonly consentPath: string;
  readonly expected: SystemExpectation;
  readonly boot: BootRequest;
}

/**
 * Checks everything that has to hold before an image is booted: the manifest and all that it names, the profile, and
 * the operator's consent to this very image.
 * @throws BootPreviewError `not-consented`, `bad-image`, `mismatch`; HeldFileError (a consent that is not there:
 *   `not-found`); ManifestError; ToolchainError for QEMU or firmware that is missing
 */
export async function planCapture(
  request: CaptureRequest,
  { cwd, env = process.env, roots = firmwareRoots(env), signal, onBytes }: CaptureHost,
): Promise<CapturePlan> {
  const profile = profileNamed(request.profile);
  const loaded = await loadBootArtifactManifest(request.bootArtifactManifest, cwd);
  const consent = await loadOperatorConsent(request.operatorConsent, cwd);
  if (manifestProfile(loaded, loaded.manifest) !== profile) {
    throw refusal('bad-image', loaded.path, 'target_bootloader', `the image is not for ${profile.name}`, {
      fix: 'name the profile that the image was built for',
    });
  }
  assertConsent(consent.path, consent.manifest, {
    operatorReviewId: request.operatorReviewId,
    profile: profile.name,
    diskImageSha256: loaded.manifest.artifact.sha256,
  });
  const firmware = chooseFirmware(profile, roots);
  const program = requireProgram(profile.qemuBinary, env);
  const artifacts = await validateBootArtifacts(loaded, onBytes === undefined ? {} : { onBytes });
  const expected = expectedOf(request, artifacts);
  const captureFolder = resolve(cwd, request.outputDir);
  const names = captureNames(profile.name);
  return {
    request,
    profile,
    artifacts,
    captureFolder,
    consentPath: resolve(cwd, request.operatorConsent),
    expected,
    boot: {
      ...profileMachine(profile),
      program,
      firmware,
      image: { path: join(captureFolder, names.imageFolder, loaded.manifest.artifact.path), format: 'raw' },
      outputDir: join(captureFolder, names.folder),
      timeoutMs: request.timeoutMs,
      ...(artifacts.system === 'linux' && { shows: systemExpectation(expected) }),
      ...(signal && { signal }),
    },
  };
}

/**
 * Returns what a boot of the image is held to.
 * @throws BootPreviewError `expectation`
 */
function expectedOf(
  { expected }: CaptureRequest,
  { system, buildId }: BootArtifactValidation,
): SystemExpectation {
  const bad = (message: string, fix: string) => new BootPreviewError('expectation', message, { fix });
  if (system === 'seed') {
    if (expected === undefined) return seedSystem(buildId);
    throw bad('the image holds the boot seed, which has marks of its own', 'leave out what is expected');
  }
  const whole = { ...NOTHING_EXPECTED, ...expected, buildId };
  const fix = 'say what its boot has to show, such as --expect-prompt "login: "';
  const { lines, contains, patterns, prompt } = whole;
  if ([...lines, ...contains, ...patterns].length === 0 && prompt === undefined) {
    throw bad('the image holds a Linux, and nothing is expected of it', fix);
  }
  if (expected?.buildId !== undefined && expected.buildId !== buildId) {
    throw bad(`the image holds the build ${buildId}, expected was ${expected.buildId}`, fix);
  }
  if (isSeed(whole)) throw bad("the boot seed's sentinel proves nothing of another system", fix);
  const problem = findExpectationProblem(whole);
  if (problem !== undefined) throw bad(problem.reason, fix);
  return whole;
}

function chooseFirmware(
  { targetFirmware, qemuMachine }: BootPreviewProfile,
  roots: FirmwareRoots,
): BootFirmware {
  if (targetFirmware === 'uefi') return { kind: 'uefi', ...findFirmware({ machine: qemuMachine }, roots) };
  // Named, so that what is measured is what runs.
  return { kind: 'seabios', code: requireSeaBios(roots) };
}

/** Returns the command line with which a capture runs QEMU, quoted for a shell. */
export function captureCommand({ boot }: CapturePlan): string {
  return formatCommand(bootArgv(boot, join(boot.outputDir, '<private-folder>')));
}
