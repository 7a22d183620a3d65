// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { type EvidenceDocument, formatDocument } from '@latticra/evidence-format';
import { copyAndSum, ensureFolder, HeldFileError, measureFile, writeFileAtomic } from '@latticra/held-files';
import { openAnchor } from '@latticra/held-files/anchor';
import { NAMESPACES, type RecordSigner } from '@latticra/signature';
import { assertBoot, type BootObservation, describeEnd, observeBoot, VmRunError } from '@latticra/vm-run';
import { type BootEvidence, bootEvidence } from '../evidence/schema.js';
import { expectationOf } from '../expectation.js';
import type { RecordedFile } from '../files/recorded.js';
import { validateRecord } from '../validation/validate.js';
import { operatorConsoleText } from './console.js';
import { type CopiedArtifacts, copyArtifacts } from './copy.js';
import { recordedFirmware } from './firmware.js';
import { captureNames } from './names.js';
import { type CapturePlan, captureCommand } from './plan.js';
import { captureScreen } from './screen.js';

/** What a capture keeps beside the boot itself. */
export interface CaptureReports {
  /** Bytes of the fixture that the lane was guarded by. */
  readonly fixture: Uint8Array;
  readonly preflight: EvidenceDocument;
  /** Signs the record with a key of this machine; undefined where nobody does. */
  readonly signer?: RecordSigner | undefined;
}

/** A boot that was recorded. */
export interface CapturedEvidence {
  /** Absolute path of the record. */
  readonly path: string;
  /** 64 hexadecimal digits of it. */
  readonly sha256: string;
  readonly evidence: BootEvidence;
  /** Absolute path of its signature; undefined where nobody signed it. */
  readonly signaturePath: string | undefined;
}

/**
 * Boots the image of a plan, read-only, and records what was seen. The record is written last, once it has passed
 * {@link validateRecord}; a boot that failed leaves its logs and no record.
 * @throws VmRunError `unfulfilled` when the boot was not what it had to be; HeldFileError `exists` for a folder that
 *   already has a record or logs of this profile
 */
export async function captureEvidence(plan: CapturePlan, reports: CaptureReports): Promise<CapturedEvidence> {
  const { profile, captureFolder, boot } = plan;
  const names = captureNames(profile.name);
  assertUnused(captureFolder, [names.record, names.signature, names.folder]);
  await ensureFolder(join(captureFolder, names.folder));
  const artifacts = await copyArtifacts(plan.artifacts.loaded, captureFolder, names.imageFolder);
  const observation = await observeBoot(boot);
  assertBoot(observation, expectationOf(plan.expected, plan.artifacts.buildId, true));
  const evidence = await recordBoot(plan, observation, artifacts, reports);
  const path = join(captureFolder, names.record);
  await validateRecord({ path, folder: captureFolder, sha256: '', evidence });
  const { sha256 } = await writeFileAtomic(path, bootEvidence.format(evidence));
  const signed = await reports.signer?.sign(path, NAMESPACES.boot);
  return { path, sha256, evidence, signaturePath: signed?.path };
}

/**
 * Refuses a folder that has any of `names`, so that no record ever lies beside the logs of another boot.
 * @throws HeldFileError `exists`, and as `openAnchor`
 */
function assertUnused(folder: string, names: readonly string[]): void {
  const [used] = presentIn(folder, names);
  if (used === undefined) return;
  throw new HeldFileError('exists', join(folder, used), 'exists already', {
    fix: 'name another output folder, or move what is there away',
  });
}

/** Returns those of `names` that a folder has; none where there is no such folder. */
function presentIn(folder: string, names: readonly string[]): string[] {
  try {
    const held = openAnchor(folder);
    try {
      return names.filter((name) => held.lstat(name) !== undefined);
    } finally {
      held.close();
    }
  } catch (error) {
    if (error instanceof HeldFileError && error.code === 'not-found') return [];
    throw error;
  }
}

async function recordBoot(
  plan: CapturePlan,
  observation: BootObservation,
  artifacts: CopiedArtifacts,
  reports: CaptureReports,
): Promise<BootEvidence> {
  const { profile, captureFolder, request, artifacts: validated } = plan;
  const { qemu } = observation;
  const { buildId } = validated;
  if (qemu === undefined) throw new VmRunError('emulator-failed', 'nothing is known of the QEMU that booted');
  const names = captureNames(profile.name);
  const write = async (path: string, content: string | Uint8Array): Promise<RecordedFile> => {
    const { sha256 } = await writeFileAtomic(join(captureFolder, path), content);
    return { path, sha256 };
  };
  const kept = async (path: string): Promise<RecordedFile> => {
    const { sha256 } = await measureFile(join(captureFolder, path));
    return { path, sha256 };
  };
  const consent = await copyAndSum(plan.consentPath, join(captureFolder, names.consent));
  return {
    profile,
    operatorReviewId: request.operatorReviewId,
    files: {
      preflightReport: await write(names.preflight, formatDocument(reports.preflight)),
      fixture: await write(names.fixture, reports.fixture),
      bootArtifactManifest: artifacts.manifest,
      diskImage: artifacts.image,
      argvRecord: await kept(names.argvRecord),
      serialLog: { path: names.serialLog, sha256: observation.serialLog.sha256 },
      operatorConsoleBoot: await write(
        names.console,
        operatorConsoleText(profile, { buildId, expected: plan.expected }, captureCommand(plan)),
      ),
      operatorRecovery: artifacts.operatorRecovery,
      rollbackOrRecovery: artifacts.rollbackOrRecovery,
      operatorConsent: { path: names.consent, sha256: consent.sha256 },
      qemuLog: await kept(names.qemuLog),
    },
    captureFolder,
    buildId,
    durationMs: observation.durationMs,
    expected: plan.expected,
    end: describeEnd(observation.end),
    program: qemu.program,
    qemuVersion: observation.emulatorVersion,
    machineResolved: qemu.machine,
    accelerator: qemu.accelerator,
    host: qemu.host,
    firmware: recordedFirmware(qemu.firmware),
    imageSha256Before: observation.imageBefore.sha256,
    imageSha256After: observation.imageAfter.sha256,
    argv: qemu.argv,
    screen: await captureScreen(plan, observation),
  };
}
