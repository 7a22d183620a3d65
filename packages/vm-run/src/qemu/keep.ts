// SPDX-License-Identifier: Apache-2.0
import { rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { errnoOf } from '@latticra/failure';
import { type Measurement, writeFailure, writeFileAtomic } from '@latticra/held-files';
import { readStart } from '../folder.js';
import { MAX_LOG_BYTES, MAX_SERIAL_BYTES } from '../limits.js';
import { runFiles } from './request.js';

/** The files that a run leaves in the output folder. */
export interface KeptLogs {
  readonly serialBytes: Uint8Array;
  readonly serialLog: Measurement;
  readonly logBytes: Uint8Array;
  readonly logPath: string;
  readonly argvRecordPath: string;
  readonly screenshotPath: string | undefined;
}

/** Writes the logs of a run, good or bad, from its temporary folder to `outputDir`, each whole under its name. */
export async function keepLogs(
  folder: string,
  outputDir: string,
  { command, screenshot }: { readonly command: string; readonly screenshot: boolean },
): Promise<KeptLogs> {
  const files = runFiles(folder);
  const [serialBytes, logBytes] = await Promise.all([
    readStart(files.serial, MAX_SERIAL_BYTES),
    readStart(files.log, MAX_LOG_BYTES),
  ]);
  const [serialLog, log, record, screenshotPath] = await Promise.all([
    writeFileAtomic(join(outputDir, 'serial.log'), serialBytes),
    writeFileAtomic(join(outputDir, 'qemu.log'), logBytes),
    writeFileAtomic(join(outputDir, 'qemu-argv.txt'), `${command}\n`),
    screenshot ? moveInto(outputDir, files.screenshot) : undefined,
  ]);
  return {
    serialBytes,
    serialLog,
    logBytes,
    logPath: log.path,
    argvRecordPath: record.path,
    screenshotPath,
  };
}

async function moveInto(folder: string, file: string): Promise<string | undefined> {
  const target = join(folder, basename(file));
  try {
    await rename(file, target);
    return target;
  } catch (error) {
    // QEMU said that it wrote it.
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw writeFailure(target, error);
  }
}
