// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { qemuArgv } from '@latticra/qemu-argv';
import { formatCommand } from '@latticra/shell-words';
import { findPhases, NOTHING_EXPECTED, readSerial } from '@latticra/vm-run';
import { type BootRecord, bootRecord, judge, parseMatrix } from '../src/index.js';

/** Two images by two machines. */
export const MATRIX = `schema = "latticra.boot-matrix/v0.1"
[expect]
lines = ["OK", "ID 1"]
exit_code = 33
[machines.bios]
machine = "pc-i440fx"
firmware = "seabios"
[machines.secure]
machine = "q35"
firmware = "uefi-secure-boot"
expect = "refusal"
[images.iso]
path = "a/os.iso"
format = "iso"
attach = ["cdrom", "usb"]
[images.disk]
path = "/os.qcow2"
format = "qcow2"
attach = ["disk"]
lines = ["login"]
`;

export const sum = (text: string) => createHash('sha256').update(text).digest('hex');

/** How a boot ends that went well. */
export const ENDED = { endKind: 'exit', endCode: 33, end: 'ended with exit code 33' } as const;

/** What is to be different in a record; of its evidence only what differs from nothing. */
export type RecordChanges = Omit<Partial<BootRecord>, 'evidence'> & {
  readonly evidence?: Partial<BootRecord['evidence']>;
};

/** Returns times for the parts that a log shows. */
export function phasesOf(log: string): BootRecord['phases'] {
  const found = findPhases(readSerial(Buffer.from(log)).lines);
  const timeOf = (line: number | undefined) => (line === undefined ? undefined : Math.min(10 + line, 400));
  const { firmware, loader, kernel, init } = found;
  return {
    firmware: timeOf(firmware),
    loader: timeOf(loader),
    kernel: timeOf(kernel),
    init: timeOf(init),
    end: 410,
  };
}

/** Returns the record of a boot that went well. */
export function goodRecord(log: string, { evidence, ...changes }: RecordChanges = {}): BootRecord {
  return {
    caseName: 'iso_cdrom_bios',
    imageName: 'iso',
    imageFormat: 'iso',
    imageBytes: 1,
    imageBefore: 'a'.repeat(64),
    imageAfter: 'a'.repeat(64),
    attach: 'cdrom',
    machineName: 'bios',
    machine: 'pc-i440fx',
    machineResolved: 'pc-i440fx-7.2',
    accelerator: 'tcg',
    qemuVersion: '7.2.0',
    host: undefined,
    firmware: 'seabios',
    firmwareBefore: { code: 'b'.repeat(64), variables: undefined },
    firmwareAfter: { code: 'b'.repeat(64), variables: undefined },
    expect: 'boot',
    evidence: { ...NOTHING_EXPECTED, ...(evidence ?? { lines: ['OK', 'ID 1'], exitCode: 33 }) },
    ...ENDED,
    durationMs: 420,
    phases: phasesOf(log),
    own: { loader: undefined, kernel: false },
    serialLog: { name: 'serial.log', sha256: sum(log) },
    argvRecord: { name: 'qemu-argv.txt', sha256: sum(commandOf(changes)) },
    screenshot: undefined,
    ...changes,
  };
}

/** Returns the command that a record with these changes is made with. */
export function commandOf(changes: RecordChanges = {}, memoryMib = 256): string {
  const { machine = 'pc-i440fx', firmware = 'seabios', imageFormat = 'iso', attach = 'cdrom' } = changes;
  const argv = qemuArgv({
    machine,
    firmware:
      firmware === 'seabios'
        ? { kind: 'seabios', code: '/fw/bios.bin' }
        : {
            kind: 'uefi',
            code: '/fw/CODE.fd',
            vars: '/run/a,b/vars.fd',
            varsAccess: 'private',
            requiresSmm: true,
          },
    image: { path: '/images/a, b.img', format: imageFormat === 'qcow2' ? 'qcow2' : 'raw' },
    attach,
    imageAccess: 'snapshot',
    memoryMib,
    cpus: 1,
    serialLog: '/run/a,b/serial.log',
    qmpFd: 3,
  });
  return `${formatCommand(['/usr/bin/qemu-system-x86_64', ...argv])}\n`;
}

/** Changes that make it the record of a loader that secure boot refused. */
export const REFUSED = {
  caseName: 'iso_cdrom_secure',
  machineName: 'secure',
  machine: 'q35',
  machineResolved: 'pc-q35-7.2',
  firmware: 'uefi-secure-boot',
  firmwareBefore: { code: 'b'.repeat(64), variables: 'c'.repeat(64) },
  firmwareAfter: { code: 'b'.repeat(64), variables: 'c'.repeat(64) },
  expect: 'refusal',
  endKind: 'stopped',
  endCode: undefined,
  end: 'was stopped at the line BdsDxe: failed to load Boot0001 "UEFI" from PciRoot(0x0): Access Denied',
} as const satisfies RecordChanges;
export const REFUSAL_LOG = 'BdsDxe: failed to load Boot0001 "UEFI" from PciRoot(0x0): Access Denied\r\n';
export const GOOD_LOG = 'OK\r\nID 1\r\n';

/** Writes a record and its files into a folder below `parent`, as a run leaves them; returns the folder. */
export function layRecord(parent: string, log = GOOD_LOG, changes: RecordChanges = {}): string {
  const record = goodRecord(log, changes);
  const folder = join(parent, record.caseName);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'serial.log'), log);
  writeFileSync(join(folder, 'qemu-argv.txt'), commandOf(changes));
  const verdict = judge(record, readSerial(Buffer.from(log)));
  writeFileSync(join(folder, 'record.txt'), bootRecord.format({ record, verdict }));
  return folder;
}

export const matrix = () => parseMatrix(MATRIX, '/images');
