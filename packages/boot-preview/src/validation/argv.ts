// SPDX-License-Identifier: Apache-2.0
import { basename, dirname, join } from 'node:path';
import { type DiskFormat, type MachineFirmware, parseOptions } from '@latticra/qemu-argv';
import { parseCommand, ShellWordError } from '@latticra/shell-words';
import { profileArgv } from '../argv.js';
import { refusal } from '../error.js';
import type { HeldEvidence } from '../evidence/load.js';
import { argvKey, type RecordedFirmware, type RecordedScreen } from '../evidence/schema.js';
import { readRecorded } from '../files/check.js';
import type { RecordedFile } from '../files/recorded.js';

/** The limit of an argv file; a command of some dozen words and paths is far shorter. */
const MAX_COMMAND_BYTES = 256 * 1024;

/**
 * Refuses a record of a boot that was not run as its profile demands: its words have to be those of the argv file, and
 * exactly the ones that the profile gives for the recorded program, image, firmware and folder. A network card, or a
 * second or writable drive, is another argv.
 * @throws BootPreviewError `foreign-argv`, `mismatch`, `path-escape`
 */
export async function checkArgv(record: HeldEvidence): Promise<void> {
  const { evidence } = record;
  const { argv, files, profile } = evidence;
  assertSameWords(record, await readArgvFile(record, 'qemu_argv_record', files.argvRecord), argv);
  assertSameWords(record, argv, expectedArgv(record, argv, { below: profile.name }));
}

/**
 * Refuses, in the same way, the argv of the boot of which the screen was recorded, where that is another one.
 * @throws as {@link checkArgv}
 */
export async function checkScreenArgv(record: HeldEvidence, screen: RecordedScreen): Promise<void> {
  const words = await readArgvFile(record, 'screen_argv_record', screen.argvRecord);
  const { argv, files, profile } = record.evidence;
  const expected =
    screen.argvRecord.path === files.argvRecord.path
      ? argv
      : expectedArgv(record, words, { below: `${profile.name}/screen`, debugExit: false });
  assertSameWords(record, words, expected);
}

async function readArgvFile(record: HeldEvidence, field: string, file: RecordedFile): Promise<string[]> {
  const bytes = await readRecorded(record, field, file, { maxBytes: MAX_COMMAND_BYTES });
  try {
    return parseCommand(Buffer.from(bytes).toString('utf8').replace(/\n$/, ''));
  } catch (cause) {
    if (!(cause instanceof ShellWordError)) throw cause;
    throw refusal('foreign-argv', record.path, `${field}_path`, cause.message, { cause });
  }
}

/** One of a record's boots: where its throw-away folder lay, and whether the guest could end QEMU. */
interface RecordedBoot {
  readonly below: string;
  readonly debugExit?: boolean;
}

/** Returns the argv that the profile gives for the paths of a record. */
function expectedArgv(
  record: HeldEvidence,
  found: readonly string[],
  { below, ...boot }: RecordedBoot,
): string[] {
  const { profile, program, firmware, files, captureFolder } = record.evidence;
  const runFolder = privateFolder(found, join(captureFolder, below));
  if (runFolder === undefined || basename(program) !== profile.qemuBinary) {
    const what = `expected ${profile.qemuBinary} with its log in a folder of that run`;
    throw refusal('foreign-argv', record.path, 'argv', what);
  }
  return profileArgv(profile, {
    program,
    firmware: argvFirmware(record, firmware, found, runFolder),
    diskImage: join(captureFolder, files.diskImage.path),
    serialLog: join(runFolder, 'serial.log'),
    ...boot,
  });
}

function argvFirmware(
  record: HeldEvidence,
  { code, varsTemplate }: RecordedFirmware,
  found: readonly string[],
  runFolder: string,
): MachineFirmware {
  const { targetFirmware } = record.evidence.profile;
  if ((varsTemplate !== undefined) !== (targetFirmware === 'uefi')) {
    throw refusal('record', record.path, 'firmware_vars_template_path', `not what ${targetFirmware} has`);
  }
  if (varsTemplate === undefined) return { kind: 'seabios', code: code.path };
  const vars = join(runFolder, 'vars.fd');
  const formats = { codeFormat: flashFormat(found, '0'), varsFormat: flashFormat(found, '1') };
  return { kind: 'uefi', code: code.path, vars, ...formats, varsAccess: 'private', requiresSmm: false };
}

/** Returns the format in which an argv has a flash unit; raw, which the profile then expects, for any other word. */
function flashFormat(argv: readonly string[], unit: string): DiskFormat {
  const drives = argv.flatMap((word, index) =>
    argv[index - 1] === '-drive' ? [new Map(parseOptions(word))] : [],
  );
  return drives.find((drive) => drive.get('unit') === unit)?.get('format') === 'qcow2' ? 'qcow2' : 'raw';
}

/** Finds the throw-away folder of a run in its argv; undefined unless it lies right in `parent`. */
function privateFolder(argv: readonly string[], parent: string): string | undefined {
  const chardev = argv[argv.indexOf('-chardev') + 1] ?? '';
  const folder = dirname(parseOptions(chardev).find(([name]) => name === 'path')?.[1] ?? '');
  return dirname(folder) === parent && /^\.boot-\w{6}$/.test(basename(folder)) ? folder : undefined;
}

function assertSameWords(record: HeldEvidence, found: readonly string[], expected: readonly string[]): void {
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
