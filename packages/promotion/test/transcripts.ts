// SPDX-License-Identifier: Apache-2.0
/** Transcripts of work that nobody did, with the logs that it would have left. */
import { hash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Transcript, transcript } from '../src/transcript/schema.js';

export const sum = (bytes: Uint8Array | string) => hash('sha256', bytes);

const COMMAND = 'sudo dd if=latticra-x86_64.iso of=/dev/sdb bs=4M conv=fsync status=progress';

/** What a transcript of writing a USB device says, but for its log. */
export const SAID: Omit<Transcript, 'log'> = {
  kind: 'usb-write',
  artifactVersion: '1.0',
  image: { size: 1 << 20, sha256: 'a'.repeat(64) },
  recoverySha256: 'b'.repeat(64),
  operator: 'alice@example.org',
  machine: { vendor: 'Lenovo', model: 'ThinkPad T480', serial: 'PF1ABCDE' },
  device: {
    path: '/dev/sdb',
    model: 'Ultra Fit',
    serial: '4C530001230',
    size: 30_752_000_000,
    isRemovable: true,
  },
  confirmed: { noRequiredData: '1', checksum: '1', consent: '1' },
  startedAt: '2026-11-01T10:00:00Z',
  endedAt: '2026-11-01T10:05:00Z',
  command: COMMAND,
  outcome: 'done',
  observed: 'dd wrote all of it',
};

/** Returns the log that script(1) would have made. */
export function logOf({ image, device, machine, command }: Omit<Transcript, 'log'>): string {
  return [
    'Script started on 2026-11-01 11:00:01+01:00 [TERM="xterm" TTY="/dev/pts/0" COLUMNS="80" LINES="24"]',
    '\u001b[?2004h$ sudo dmidecode -s system-serial-number\r',
    `${machine.serial}\r`,
    '$ sha256sum latticra-x86_64.iso\r',
    `${image.sha256}  latticra-x86_64.iso\r`,
    '$ lsblk -o NAME,SERIAL\r',
    `sdb  \u001b[1m${device.serial}\u001b[0m\r`,
    `$ ${command.slice(0, 70)} \r${command.slice(70)}\r`,
    '1+0 records out\r',
    '',
    'Script done on 2026-11-01 11:04:59+01:00 [COMMAND_EXIT_CODE="0"]',
    '',
  ].join('\n');
}

/** Writes a transcript and its log into a folder, as `<name>.txt` and `<name>.log`. Returns the path of the transcript. */
export function layTranscript(
  folder: string,
  name: string,
  changes: Partial<Transcript> = {},
  log: string = logOf({ ...SAID, ...changes }),
): string {
  mkdirSync(folder, { recursive: true });
  const found: Transcript = {
    ...SAID,
    log: { path: `${name}.log`, size: Buffer.byteLength(log), sha256: sum(log) },
    ...changes,
  };
  writeFileSync(join(folder, `${name}.log`), log);
  writeFileSync(join(folder, `${name}.txt`), transcript.format(found));
  return join(folder, `${name}.txt`);
}
