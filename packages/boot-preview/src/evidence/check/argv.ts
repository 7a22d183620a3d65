// SPDX-License-Identifier: Apache-2.0
import { basename, dirname, join } from 'node:path';
import { MAX_LINE_BYTES } from '@latticra/evidence-format';
import { readStableFile } from '@latticra/held-files';
import { parseOptions } from '@latticra/qemu-argv';
import { parseCommand, ShellWordError } from '@latticra/shell-words';
import { profileArgv } from '../../argv.js';
import { checkFile } from '../../check-file.js';
import { refusal } from '../../error.js';
import { argvKey } from '../format.js';
import type { LoadedEvidence } from '../load.js';
import type { BootEvidence } from '../schema.js';

const FIELD = 'qemu_argv_record';

/**
 * Whether QEMU was run as the profile demands: the record's words are those of the argv file, and exactly the ones
 * that this profile gives for the recorded program, image, firmware and folder. A network card, a second or writable
 * drive, anything more or less, is another argv.
 * @throws BootPreviewError `foreign-argv`, `mismatch`, `path-escape`
 */
export async function checkArgv(record: LoadedEvidence): Promise<void> {
  const { evidence } = record;
  const { path } = await checkFile(record, FIELD, evidence.files.argvRecord);
  const { bytes } = await readStableFile(path, { maxBytes: 64 * MAX_LINE_BYTES });
  assertSameWords(record, readCommand(record, Buffer.from(bytes).toString('utf8')), evidence.argv);
  assertSameWords(record, evidence.argv, expectedArgv(record));
}

function readCommand(record: LoadedEvidence, text: string): string[] {
  try {
    return parseCommand(text.replace(/\n$/, ''));
  } catch (cause) {
    if (!(cause instanceof ShellWordError)) throw cause;
    throw refusal('foreign-argv', record.path, `${FIELD}_path`, cause.message, { cause });
  }
}

/** What the profile's argv is for everything that the record says of paths. */
function expectedArgv(record: LoadedEvidence): string[] {
  const { evidence } = record;
  const { profile, program, firmware, files, captureFolder } = evidence;
  const runFolder = privateFolder(evidence);
  if (runFolder === undefined || basename(program) !== profile.qemuBinary) {
    throw refusal(
      'foreign-argv',
      record.path,
      'argv',
      `expected ${profile.qemuBinary} with its log in a folder of that run`,
    );
  }
  const { code, varsTemplate } = firmware;
  if ((varsTemplate !== undefined) !== (profile.targetFirmware === 'uefi')) {
    throw refusal(
      'record',
      record.path,
      'firmware_vars_template_path',
      `not what ${profile.targetFirmware} has`,
    );
  }
  return profileArgv(profile, {
    program,
    diskImage: join(captureFolder, files.diskImage.path),
    serialLog: join(runFolder, 'serial.log'),
    firmware:
      varsTemplate === undefined
        ? { kind: 'seabios', code: code.path }
        : {
            kind: 'uefi',
            code: code.path,
            vars: join(runFolder, 'vars.fd'),
            varsAccess: 'private',
            requiresSmm: false,
          },
  });
}

/** The throw-away folder of the run, which only the argv tells: below the profile's own one. */
function privateFolder({ argv, captureFolder, profile }: BootEvidence): string | undefined {
  const chardev = argv[argv.indexOf('-chardev') + 1] ?? '';
  const path = parseOptions(chardev).find(([name]) => name === 'path')?.[1] ?? '';
  const folder = dirname(path);
  const isOwn =
    dirname(folder) === join(captureFolder, profile.name) && /^\.boot-\w{6}$/.test(basename(folder));
  return isOwn ? folder : undefined;
}

function assertSameWords(
  record: LoadedEvidence,
  found: readonly string[],
  expected: readonly string[],
): void {
  const length = Math.max(found.length, expected.length);
  for (let index = 0; index < length; index++) {
    if (found[index] === expected[index]) continue;
    const show = (word: string | undefined) => (word === undefined ? 'nothing' : JSON.stringify(word));
    throw refusal(
      'foreign-argv',
      record.path,
      argvKey(index),
      `expected ${show(expected[index])}, found ${show(found[index])}`,
      { fix: 'capture the boot again; evidence counts for the argv of its profile only' },
    );
  }
}
