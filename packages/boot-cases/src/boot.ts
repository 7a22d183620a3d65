// SPDX-License-Identifier: Apache-2.0
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { measureFile, writeFailure, writeFileAtomic } from '@latticra/held-files';
import { dropSignature, NAMESPACES, type RecordSigner } from '@latticra/signature';
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
  type BootObservation,
  type BootRequest,
  describeEnd,
  isRefusalLine,
  type ObservedFirmware,
  observeBoot,
  type QemuFacts,
} from '@latticra/vm-run';

import { BootCaseError } from './error.js';
import type { BootCase } from './matrix/cases.js';
import { evidenceOf, type MatrixMachine } from './matrix/matrix.js';
import { findOwnParts } from './own-parts/index.js';
import { bootOf, judge } from './record/judge.js';
import { type BootRecord, bootRecord, type FirmwareDigests, RECORD_FILE } from './record/record.js';
import { type VerifiedRecord, verifyRecord } from './record/verify.js';

/** The place where a case is booted, and the means. */
export interface BootCaseOptions {
  /** The folder that takes a folder of the case's name. */
  readonly outputDir: string;
  readonly env?: Environment;
  readonly roots?: FirmwareRoots;
  readonly signal?: AbortSignal;
  /** Signs each record with a key of this machine; undefined where nobody does. */
  readonly signer?: RecordSigner | undefined;
}

/**
 * Boots one case and writes its record, also of a boot that failed. What is returned was read again from the files
 * that were written.
 *
 * @example
 * import { bootCase, caseNamed, loadMatrix } from '@latticra/boot-cases';
 *
 * const matrix = await loadMatrix('boot-matrix.toml');
 * const record = await bootCase(caseNamed(matrix, 'seed-iso_cdrom_seabios-q35'), { ...matrix, outputDir: 'records' });
 * console.log(record.folder, record.sha256);
 *
 * @throws ToolchainError when QEMU or the firmware is not there; VmRunError when the boot could not be observed;
 *   HeldFileError
 */
export async function bootCase(which: BootCase, options: BootCaseOptions): Promise<VerifiedRecord> {
  const request = caseRequest(which, options);
  // An earlier run's record must not stand for this one, however this one ends.
  const earlier = join(request.outputDir, RECORD_FILE);
  await dropSignature(earlier);
  await rm(earlier, { force: true }).catch((error: unknown) => {
    throw writeFailure(earlier, error);
  });
  const observation = await observeBoot(request);
  const record = await recordOf(which, observation);
  const { serialLines: lines, serialRest: rest, serialErased: erased } = observation;
  const verdict = judge(record, { lines, rest, erased });
  await writeFileAtomic(earlier, bootRecord.format({ record, verdict }));
  await options.signer?.sign(earlier, NAMESPACES.boot);
  return verifyRecord(request.outputDir);
}

function caseRequest({ name, image, attach, machine }: BootCase, options: BootCaseOptions): BootRequest {
  const { outputDir, env = process.env, roots = firmwareRoots(env), signal } = options;
  return {
    program: requireProgram('qemu-system-x86_64', env),
    machine: machine.machine,
    firmware: firmwareOf(machine, roots),
    image: { path: image.path, format: image.format },
    attach,
    imageAccess: 'snapshot',
    memoryMib: image.memoryMib,
    cpus: 1,
    outputDir: join(outputDir, name),
    timeoutMs: image.timeoutMs,
    until: isRefusalLine,
    shows: bootOf({ evidence: evidenceOf(image) }),
    findOwnParts,
    ...(signal && { signal }),
  };
}

function firmwareOf({ firmware, machine }: MatrixMachine, roots: FirmwareRoots): BootFirmware {
  if (firmware !== 'seabios') {
    return { kind: 'uefi', ...findFirmware({ machine, secureBoot: firmware === 'uefi-secure-boot' }, roots) };
  }
  return { kind: 'seabios', code: requireSeaBios(roots) };
}

async function recordOf(
  { name, image, attach, machine }: BootCase,
  { qemu, end, ...seen }: BootObservation,
): Promise<BootRecord> {
  const facts = assertQemu(qemu);
  const argv = await measureFile(facts.argvRecordPath);
  return {
    caseName: name,
    imageName: image.name,
    imageFormat: image.format,
    imageBytes: seen.imageBefore.size,
    imageBefore: seen.imageBefore.sha256,
    imageAfter: seen.imageAfter.sha256,
    attach,
    machineName: machine.name,
    machine: machine.machine,
    machineResolved: facts.machine,
    accelerator: facts.accelerator,
    qemuVersion: seen.emulatorVersion,
    host: facts.host,
    firmware: machine.firmware,
    firmwareBefore: digestsOf(facts.firmware),
    firmwareAfter: digestsOf(facts.firmwareAfter),
    expect: machine.expect,
    evidence: evidenceOf(image),
    endKind: end.kind,
    endCode: end.kind === 'exit' ? end.code : undefined,
    end: describeEnd(end),
    durationMs: seen.durationMs,
    phases: seen.phases,
    own: { loader: seen.own?.loader, kernel: seen.own?.kernel },
    serialLog: { name: basename(seen.serialLog.path), sha256: seen.serialLog.sha256 },
    argvRecord: { name: basename(argv.path), sha256: argv.sha256 },
    screenshot: seen.screenshotPath === undefined ? undefined : await fileBeside(seen.screenshotPath),
  };
}

async function fileBeside(path: string) {
  const { sha256 } = await measureFile(path);
  return { name: basename(path), sha256 };
}

function digestsOf(firmware: ObservedFirmware): FirmwareDigests {
  if (firmware.code === undefined) {
    throw new BootCaseError('unfulfilled', 'the firmware of the boot was not measured');
  }
  const variables = firmware.kind === 'uefi' ? firmware.vars.sha256 : undefined;
  return { code: firmware.code.sha256, variables };
}

function assertQemu(qemu: QemuFacts | undefined): QemuFacts {
  if (qemu !== undefined) return qemu;
  throw new BootCaseError('unfulfilled', 'the boot was not one of QEMU');
}
