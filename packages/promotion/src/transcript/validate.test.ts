// SPDX-License-Identifier: Apache-2.0
import { linkSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { layTranscript, logOf, SAID } from '../../test/transcripts.js';
import { validateTranscript } from '../index.js';
import type { Transcript } from './schema.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-transcript-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const validate = () => validateTranscript('usb.txt', folder);
const lay = (changes: Partial<Transcript> = {}, log?: string) => layTranscript(folder, 'usb', changes, log);
const edit = (change: (text: string) => string) => {
  const path = join(folder, 'usb.txt');
  writeFileSync(path, change(readFileSync(path, 'utf8')));
};
const refusal = (code: string, message: string | RegExp) =>
  expect.objectContaining({
    code,
    kind: 'data',
    fix: expect.stringMatching(/\w/),
    message: expect.stringMatching(message),
  });

describe('validateTranscript', () => {
  it('a transcript that its log shows holds, with or without the times of script', () => {
    lay();
    expect(validate()).toMatchObject({ isTimed: true, transcript: { kind: 'usb-write' } });
    lay({}, logOf(SAID).split('\n').slice(1, -2).join('\n'));
    expect(validate()).toMatchObject({ isTimed: false });
  });

  it('a transcript without its log is refused', () => {
    lay();
    rmSync(join(folder, 'usb.log'));
    expect(validate).toThrow(refusal('log-differs', /usb\.txt: its log usb\.log is not beside it/));
  });

  it('a transcript whose log was changed in one byte is refused', () => {
    lay();
    writeFileSync(join(folder, 'usb.log'), `${logOf(SAID)}.`);
    expect(validate).toThrow(
      refusal('log-differs', /has \d+ bytes with the digest [0-9a-f]{64}, expected \d+/),
    );
  });

  it.each<[string, Partial<Transcript>, RegExp]>([
    [
      'another device',
      { device: { ...SAID.device, serial: '4C53000123' } },
      /device with the serial number 4C53000123/,
    ],
    [
      'another machine',
      { machine: { ...SAID.machine, serial: 'PF2XYZ99' } },
      /machine with the serial number PF2XYZ99/,
    ],
    ['another image', { image: { ...SAID.image, sha256: 'c'.repeat(64) } }, /digest of the image c{64}/],
    ['another command', { command: 'sudo dd if=x of=/dev/sdb' }, /the command/],
  ])('a transcript with a log of %s is refused', (_, changes, message) => {
    lay(changes, logOf(SAID));
    expect(validate).toThrow(refusal('log-differs', message));
  });

  it('a transcript whose times are reversed is refused', () => {
    lay({ startedAt: SAID.endedAt, endedAt: SAID.startedAt });
    expect(validate).toThrow(refusal('bad-transcript', /ended_at .* is before started_at/));
  });

  it('a transcript whose command writes to another device than it names is refused', () => {
    const refused = refusal(
      'bad-transcript',
      /its command writes to \/dev\/sdc, and device_path is \/dev\/sdb/,
    );
    for (const command of [
      "sudo dd if=x of='/dev/sdc'",
      'dd of=/dev/sdc if=/dev/sdb',
      'dd of=/dev/sdb of="/dev/sdc"',
    ]) {
      lay({ command });
      expect(validate, command).toThrow(refused);
    }
    for (const [written, path] of [
      ['/dev/rdisk4', '/dev/disk4'],
      // A link to the device, which nobody can follow any more.
      ['/dev/disk/by-id/usb-Maker_Stick_0001-0:0', '/dev/sdb'],
      ['/dev/sdb', '/dev/disk/by-id/usb-Maker_Stick_0001-0:0'],
    ] as const) {
      lay({ command: `dd if=x of=${written}`, device: { ...SAID.device, path } });
      expect(validate, written).not.toThrow();
    }
  });

  it('a log that was made at another time than its transcript says is refused', () => {
    for (const changes of [{ startedAt: '2026-11-01T10:00:02Z' }, { endedAt: '2026-11-01T10:04:58Z' }]) {
      lay(changes);
      expect(validate).toThrow(
        refusal('log-differs', /was made from 2026-11-01T10:00:01Z to 2026-11-01T10:04:59Z, outside/),
      );
    }
  });

  it.each([
    ['is cut off', (log: string) => log.slice(0, log.indexOf('Script done')), /never ended/],
    ['is of a command that failed', (log: string) => log.replace('CODE="0"', 'CODE="1"'), /exited with 1/],
    ['is no text', (log: string) => `${log}\0`, /NUL/],
    [
      'ends before it begins',
      (log: string) => log.replace('done on 2026-11-01', 'done on 2026-10-01'),
      /ends before/,
    ],
    ['is empty', () => '', /is empty/],
    [
      'began on a day that there is not',
      (log: string) => log.replace('started on 2026-11-01', 'started on 2026-10-32'),
      /says 2026-10-32 11:00:01\+01:00, a time that there is not/,
    ],
    [
      'began on 31 February',
      (log: string) => log.replace('started on 2026-11-01', 'started on 2026-02-31'),
      /says 2026-02-31 .* a time that there is not/,
    ],
    [
      'ended in a zone that there is not',
      (log: string) => log.replace('11:04:59+01:00', '11:04:59+99:99'),
      /says 2026-11-01 11:04:59\+99:99, a time that there is not/,
    ],
    [
      'ended in a zone that makes it later',
      (log: string) => log.replace('11:04:59+01:00', '11:04:59-01:00'),
      /was made from .* to 2026-11-01T12:04:59Z, outside/,
    ],
    ['holds two sessions', (log: string) => `${log}${log}`, /holds more than one session of script/],
  ])('a log that %s is refused', (_, change, message) => {
    lay({}, change(logOf(SAID)));
    expect(validate).toThrow(refusal('log-differs', message));
  });

  it.each<[string, Partial<Transcript>, RegExp]>([
    [
      'that is not removable',
      { device: { ...SAID.device, isRemovable: false } },
      /target_device_verified_removable/,
    ],
    ['smaller than the image', { device: { ...SAID.device, size: 1 } }, /device_size_bytes 1 is less/],
    [
      'with the serial number of the machine',
      { device: { ...SAID.device, serial: SAID.machine.serial } },
      /are the same/,
    ],
  ])('a transcript of a USB device %s is refused', (_, changes, message) => {
    lay(changes);
    expect(validate).toThrow(refusal('bad-transcript', message));
  });

  it.each([
    ['operator', '<to-be-filled-in>'],
    ['operator', 'unknown'],
    ['observed', ''],
    ['machine_serial', 'To-Be-Filled-By-O.E.M'],
    ['machine_serial', 'none'],
    ['device_serial', '0000000'],
    ['device_serial', '123456789'],
    ['started_at', '2026-02-30T10:00:00Z'],
    ['started_at', '2026-11-01T10:00:00+01:00'],
    ['operator_consent_recorded', '0'],
    ['image_checksum_verified_by_operator', '<1-once-that-is-so>'],
    ['log_path', '../usb.log'],
    ['usb_write_executed', '1'],
    ['bootable_os_ready', '1'],
  ])('a transcript with %s=%s is refused by the name of that line', (key, value) => {
    lay();
    edit((text) => text.replace(new RegExp(`^${key}=.*$`, 'm'), () => `${key}=${value}`));
    expect(validate).toThrow(refusal('bad-transcript', new RegExp(`usb\\.txt: line \\d+: ${key}`)));
  });

  it('a transcript or a log that is a link is refused', () => {
    lay();
    for (const name of ['usb.log', 'usb.txt']) {
      renameSync(join(folder, name), join(folder, 'elsewhere'));
      symlinkSync('elsewhere', join(folder, name));
      expect(validate).toThrow(expect.objectContaining({ kind: 'data' }));
      rmSync(join(folder, name));
      linkSync(join(folder, 'elsewhere'), join(folder, name));
      expect(validate).toThrow(expect.objectContaining({ code: 'hard-linked' }));
      rmSync(join(folder, 'elsewhere'));
    }
  });

  it('whatever lies in the place of a log, the transcript is refused or its serial numbers stand there', () => {
    const piece = fc.constantFrom(
      SAID.device.serial,
      SAID.machine.serial,
      SAID.image.sha256,
      SAID.command,
      '\n',
      'x',
      '\u001b[1m',
      '\b',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        lay({}, pieces.join(''));
        try {
          validate();
        } catch (error) {
          expect(error).toMatchObject({ code: 'log-differs' });
          return;
        }
        for (const word of [SAID.device.serial, SAID.machine.serial, SAID.image.sha256])
          expect(pieces).toContain(word);
      }),
      { numRuns: 200 },
    );
  });
});
