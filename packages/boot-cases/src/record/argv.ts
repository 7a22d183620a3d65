// SPDX-License-Identifier: Apache-2.0
import { basename } from 'node:path';
import { type MachineFirmware, parseOptions, qemuArgv } from '@latticra/qemu-argv';
import { parseCommand, ShellWordError } from '@latticra/shell-words';
import type { BootRecord } from './record.js';

const PROGRAM = 'qemu-system-x86_64';

/** What the command of a boot tells beside its record. */
export interface RecordedCommand {
  readonly memoryMib: number;
}

/**
 * Reads the command that a record was made with, and compares it with the one that its case runs: word by word, with the
 * paths taken from the command itself. A second drive, a network card or other firmware is another command.
 * @returns the command, or in a sentence what is different
 */
export function readCommand(record: BootRecord, text: string): RecordedCommand | string {
  let found: string[];
  try {
    found = parseCommand(text.replace(/\n$/, ''));
  } catch (cause) {
    if (cause instanceof ShellWordError) return cause.message;
    throw cause;
  }
  const [program = ''] = found;
  if (basename(program) !== PROGRAM) return `runs ${JSON.stringify(program)}, expected ${PROGRAM}`;
  const memoryMib = Number(/^(\d{1,9})M$/.exec(after(found, '-m')[0] ?? '')?.[1]);
  if (!(memoryMib > 0)) return 'does not say how much memory the machine has';
  const expected = [program, ...expectedArgv(record, found, memoryMib)];
  const length = Math.max(found.length, expected.length);
  for (let index = 0; index < length; index++) {
    if (found[index] === expected[index]) continue;
    const [has, wanted] = [found[index], expected[index]].map((word) =>
      word === undefined ? 'ends' : `has ${JSON.stringify(word)}`,
    );
    return `${has} at word ${index + 1}, where its case ${wanted}`;
  }
  return { memoryMib };
}

/** Returns the words that follow a flag, in order. */
const after = (argv: readonly string[], flag: string) =>
  argv.filter((_, index) => index > 0 && argv[index - 1] === flag);

function expectedArgv(record: BootRecord, found: readonly string[], memoryMib: number): string[] {
  const { machine, imageFormat, attach } = record;
  const drives = after(found, '-drive').map((drive) => new Map(parseOptions(drive)));
  const fileOf = (key: string, value: string) =>
    drives.find((drive) => drive.get(key) === value)?.get('file') ?? '';
  const formatOf = (unit: string) =>
    drives.find((drive) => drive.get('unit') === unit)?.get('format') === 'qcow2' ? 'qcow2' : 'raw';
  const serial = new Map(parseOptions(after(found, '-chardev')[0] ?? ''));
  const firmware: MachineFirmware =
    record.firmware === 'seabios'
      ? { kind: 'seabios', code: after(found, '-bios')[0] ?? '' }
      : {
          kind: 'uefi',
          code: fileOf('unit', '0'),
          codeFormat: formatOf('0'),
          vars: fileOf('unit', '1'),
          varsFormat: formatOf('1'),
          varsAccess: 'private',
          requiresSmm: after(found, '-machine').some((type) => type.endsWith(',smm=on')),
        };
  return qemuArgv({
    machine,
    firmware,
    image: { path: fileOf('id', 'boot'), format: imageFormat === 'qcow2' ? 'qcow2' : 'raw' },
    attach,
    imageAccess: 'snapshot',
    memoryMib,
    cpus: 1,
    serialLog: serial.get('path') ?? '',
    qmpFd: 3,
  });
}
