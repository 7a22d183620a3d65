// SPDX-License-Identifier: Apache-2.0
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { copyAndSum, measureFile, withTemporaryFolder } from '@latticra/held-files';
import { formatCommand } from '@latticra/shell-words';
import { tailOf, VmRunError } from '../error.js';
import { prepareOutput } from '../folder.js';
import { readHostFacts } from '../host/facts.js';
import { measureImage } from '../image.js';
import { MAX_FILE_BYTES, MAX_LOG_BYTES, MAX_SERIAL_BYTES, MAX_SNAPSHOT_BYTES } from '../limits.js';
import { type BootObservation, describeEnd, type ObservedFirmware } from '../observation.js';
import { readSerial, serialLines } from '../serial.js';
import { keepLogs } from './keep.js';
import {
  absoluteRequest,
  assertMachine,
  type BootFirmware,
  type BootRequest,
  bootArgv,
  runFiles,
} from './request.js';
import { type QemuRun, runQemu } from './run.js';

/**
 * Boots an image in QEMU and says what happened, once the guest has ended or written the line that is waited for, the
 * time is up, or a log is full. Attaches the image read-only, measures it and the firmware before and after, gives
 * UEFI a temporary copy of its variables, and keeps the logs whatever happens.
 * @throws VmRunError `bad-image`, `machine`, `emulator-missing`, `emulator-failed`, `interrupted`
 * @throws HeldFileError when image, firmware or output folder cannot be used
 * @throws ShellWordError for a path that no command line can carry
 */
export async function observeBoot(given: BootRequest): Promise<BootObservation> {
  const request = absoluteRequest(given);
  assertMachine(request);
  formatCommand(bootArgv(request, request.outputDir)); // refused before anything is made
  const { path, format } = request.image;
  const [image, found] = await Promise.all([
    measureImage(path, format, request.findOwnParts),
    measureFirmware(request.firmware),
  ]);
  await prepareOutput(request.outputDir);
  return withTemporaryFolder(join(request.outputDir, '.boot-'), async (folder) => {
    const argv = bootArgv(request, folder);
    const firmware = await withOwnVariables(found, runFiles(folder).vars);
    const keep = (screenshot: boolean) =>
      keepLogs(folder, request.outputDir, { command: formatCommand(argv), screenshot });
    const run = await runIn(folder, request, argv).catch(async (error: unknown) => {
      await keep(false);
      throw error;
    });
    const remeasured = Promise.all([measureFile(path), measureFirmware(request.firmware)]);
    remeasured.catch(() => {}); // thrown below, once the logs are safe
    const kept = await keep(run.screenshot);
    if (run.machine === undefined) throw neverRan(request, run, serialLines(kept.logBytes));
    const [imageAfter, firmwareAfter] = await remeasured;
    const serial = readSerial(kept.serialBytes);
    return {
      emulator: 'qemu',
      emulatorVersion: run.machine.version,
      end: run.end,
      durationMs: run.durationMs,
      imageBefore: image.measurement,
      imageAfter,
      own: image.own,
      serialLog: kept.serialLog,
      serialLines: serial.lines,
      serialRest: serial.rest,
      serialErased: serial.erased,
      phases: run.phases(serial),
      screenshotPath: kept.screenshotPath,
      qemu: {
        program: request.program,
        machine: run.machine.machine,
        accelerator: run.machine.accelerator,
        host: readHostFacts(),
        firmware,
        firmwareAfter,
        argv,
        argvRecordPath: kept.argvRecordPath,
        logPath: kept.logPath,
      },
    };
  });
}

async function measureFirmware(firmware: BootFirmware): Promise<ObservedFirmware> {
  if (firmware.kind === 'uefi') {
    const [code, vars] = await Promise.all([measureFile(firmware.code), measureFile(firmware.vars)]);
    return { kind: 'uefi', code, vars };
  }
  return firmware.code === undefined
    ? { kind: 'seabios' }
    : { kind: 'seabios', code: await measureFile(firmware.code) };
}

/** Copies the variable template to `to`, so that the machine gets exactly what was measured. */
async function withOwnVariables(firmware: ObservedFirmware, to: string): Promise<ObservedFirmware> {
  if (firmware.kind === 'seabios') return firmware;
  const copied = await copyAndSum(firmware.vars.path, to);
  return { ...firmware, vars: { ...copied, path: firmware.vars.path } };
}

async function runIn(folder: string, request: BootRequest, argv: readonly string[]): Promise<QemuRun> {
  const files = runFiles(folder);
  const output = openSync(files.log, 'ax', 0o600);
  try {
    return await runQemu({
      program: request.program,
      argv: argv.slice(1),
      folder,
      output,
      maxFileBytes: request.imageAccess === 'snapshot' ? MAX_SNAPSHOT_BYTES : MAX_FILE_BYTES,
      screenshotPath: files.screenshot,
      serialPath: files.serial,
      bounded: [
        { path: files.serial, maxBytes: MAX_SERIAL_BYTES },
        { path: files.log, maxBytes: MAX_LOG_BYTES },
      ],
      timeoutMs: request.timeoutMs,
      until: request.until,
      shows: request.shows,
      signal: request.signal,
    });
  } finally {
    closeSync(output);
  }
}

function neverRan(request: BootRequest, run: QemuRun, log: readonly string[]): VmRunError {
  // What a shell says of a program that it cannot find or start (POSIX.1-2017, XCU 2.8.2).
  if (run.end.kind === 'exit' && (run.end.code === 126 || run.end.code === 127)) {
    return new VmRunError('emulator-missing', `${request.program}: cannot be started; ${tailOf(log)}`, {
      fix: 'install qemu-system-x86 (Homebrew: qemu), or correct PATH',
    });
  }
  return new VmRunError(
    'emulator-failed',
    `${request.program}: ${describeEnd(run.end)} before its machine ran; ${tailOf(log)}`,
    { fix: 'see that this is QEMU 7.0 or later, and that image and firmware suit it' },
  );
}
