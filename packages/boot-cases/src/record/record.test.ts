// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EvidenceError } from '@latticra/evidence-format';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GOOD_LOG, goodRecord, layRecord, REFUSAL_LOG, REFUSED, sum } from '../../test/record.js';
import { type BootRecord, bootRecord, gatherRecords, isAsExpected, judge, verifyRecord } from '../index.js';

describe('judge', () => {
  const lines = ['OK', 'ID 1'];
  it.each<[string, Partial<BootRecord>, string[], string, RegExp | undefined]>([
    [
      'a firmware that changed',
      { firmwareAfter: { code: 'd'.repeat(64), variables: undefined } },
      lines,
      'failed',
      /firmware changed/,
    ],
    ['all lines and the exit code', {}, lines, 'booted', undefined],
    ['a line that is missing', {}, ['OK'], 'failed', /no line "ID 1"/],
    ['a line with something around it', {}, ['OK', 'xID 1'], 'failed', /no line "ID 1"/],
    ['another exit code', { endCode: 0 }, lines, 'failed', /expected it to end with exit code 33/],
    ['a time-out', { endKind: 'timeout', endCode: undefined }, lines, 'failed', /exit code 33/],
    ['an image that changed', { imageAfter: 'd'.repeat(64) }, lines, 'failed', /image changed/],
    [
      'a stop at the last line',
      { ...REFUSED, evidence: { lines, exitCode: undefined } },
      lines,
      'booted',
      undefined,
    ],
    ['a refusal', REFUSED, [REFUSAL_LOG.trim()], 'refused', undefined],
    ['a refusal behind a boot', REFUSED, ['OK', REFUSAL_LOG.trim()], 'failed', /no line "ID 1"/],
    [
      'silence where a refusal should be',
      { ...REFUSED, endKind: 'timeout' },
      [REFUSAL_LOG.trim()],
      'failed',
      /no line/,
    ],
  ])('finds of %s what it is', (_, changes, log, outcome, reason) => {
    const verdict = judge(goodRecord(GOOD_LOG, changes), log);
    expect(verdict.outcome).toBe(outcome);
    if (reason === undefined) expect(verdict.reason).toBeUndefined();
    else expect(verdict.reason).toMatch(reason);
  });

  it('does not want a loader to boot that has to be refused', () => {
    const record = goodRecord(GOOD_LOG, { ...REFUSED, endKind: 'exit', endCode: 33 });
    const verdict = judge(record, lines);
    expect(verdict.outcome).toBe('booted');
    expect(isAsExpected(record, verdict)).toBe(false);
  });
});

describe('a record', () => {
  const text = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 30 });
  const digest = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 });
  const records = fc
    .record({
      caseName: text,
      imageName: text,
      qemuVersion: text,
      end: text,
      imageBefore: digest,
      imageBytes: fc.nat(),
      endCode: fc.option(fc.integer({ min: 0, max: 255 }), { nil: undefined }),
      firmwareBefore: fc.record({ code: digest, variables: fc.option(digest, { nil: undefined }) }),
      screenshot: fc.option(
        digest.map((sha256) => ({ name: 'screenshot.png', sha256 })),
        { nil: undefined },
      ),
      evidence: fc.record({
        lines: fc.array(text, { minLength: 1, maxLength: 12 }),
        exitCode: fc.option(fc.integer({ min: 1, max: 255 }), { nil: undefined }),
      }),
    })
    .map((changes) => goodRecord(GOOD_LOG, changes));

  it('reads back as it was written, and is written as it was read', () => {
    fc.assert(
      fc.property(records, fc.array(text), (record, lines) => {
        const verdict = judge(record, lines);
        const written = bootRecord.format({ record, verdict });
        const parsed = bootRecord.parse(written);
        expect(parsed).toEqual({ record, verdict });
        expect(bootRecord.format(parsed)).toBe(written);
      }),
    );
  });

  const good = () => {
    const record = goodRecord(GOOD_LOG);
    return bootRecord.format({ record, verdict: judge(record, ['OK', 'ID 1']) });
  };
  it.each([
    ['claims more', 'bootable_os_ready=0', 'bootable_os_ready=1'],
    ['says more than a record does', 'end_kind=exit', 'end_kind=exit\nreviewed=1'],
    ['lacks a field', 'attach=cdrom\n', ''],
    ['points out of its folder', 'serial_log_path=serial.log', 'serial_log_path=../serial.log'],
    ['names a file without its digest', /qemu_argv_record_sha256=.*/, 'qemu_argv_record_sha256=none'],
    [
      'has no log',
      /serial_log_path=.*\nserial_log_sha256=.*/,
      'serial_log_path=none\nserial_log_sha256=none',
    ],
    ['contradicts itself', 'outcome_as_expected=1', 'outcome_as_expected=0'],
    ['says that it changed the host', 'host_mutation_performed=0', 'host_mutation_performed=1'],
    ['has another title', 'LATTICRA BOOT MATRIX RECORD', 'LATTICRA BOOT SEED QEMU SMOKE'],
    ['expects nothing', /\n\n\[expected_lines\][\s\S]*/, '\n\n[expected_lines]\n'],
    ['leaves a line out', 'line_01=', 'line_03='],
    ['ends in its middle', /outcome=[\s\S]*/, ''],
  ])('is refused when it %s', (_, from, to) => {
    const damaged = good().replace(from, to);
    expect(damaged).not.toBe(good());
    expect(() => bootRecord.parse(damaged)).toThrow(EvidenceError);
  });

  it.each(['serial_log_sha256', 'screenshot_sha256', 'firmware_variables_sha256_before'])(
    'is refused with the name of the key when %s is no digest',
    (key) => {
      const damaged = good().replace(new RegExp(`^${key}=.*`, 'm'), `${key}=sha256:0`);
      expect(() => bootRecord.parse(damaged)).toThrow(new RegExp(key));
    },
  );
});

describe('a record on disk', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'latticra-record-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const edit = (path: string, change: (text: string) => string) =>
    writeFileSync(path, change(readFileSync(path, 'utf8')));

  it('is verified against its files', async () => {
    const laid = layRecord(folder);
    const { record, verdict, sha256 } = verifyRecord(laid);
    expect([record.caseName, verdict.outcome]).toEqual(['iso_cdrom_bios', 'booted']);
    expect(sha256).toBe(sum(readFileSync(join(laid, 'record.txt'), 'utf8')));
    layRecord(folder, REFUSAL_LOG, REFUSED);
    const all = await gatherRecords(folder);
    expect(all.map((each) => each.verdict.outcome)).toEqual(['booted', 'refused']);
  });

  it('does not hold with a log that was edited', () => {
    const laid = layRecord(folder);
    edit(join(laid, 'serial.log'), (log) => `${log}more\n`);
    expect(() => verifyRecord(laid)).toThrow(/serial\.log has the digest/);
  });

  it('does not hold with another outcome than the one that the log shows', () => {
    const laid = layRecord(folder, 'OK\r\n');
    edit(join(laid, 'record.txt'), (text) =>
      text
        .replace('outcome=failed', 'outcome=booted')
        .replace('outcome_as_expected=0', 'outcome_as_expected=1')
        .replace(/reason=.*/, 'reason=none'),
    );
    expect(() => verifyRecord(laid)).toThrow(/says booted, its log says failed \(no line "ID 1"/);
  });

  it('does not take a sentinel for shown that stands in a terminal sequence', () => {
    const log = '\u001b]0;\nOK\nID 1\n\u0007\n';
    expect(verifyRecord(layRecord(folder, log)).verdict.outcome).toBe('failed');
  });

  it('does not hold without its files, or with a link in place of one', () => {
    const laid = layRecord(folder);
    const argv = join(laid, 'qemu-argv.txt');
    rmSync(argv);
    expect(() => verifyRecord(laid)).toThrow(expect.objectContaining({ code: 'not-found' }));
    writeFileSync(join(folder, 'elsewhere'), 'qemu\n');
    symlinkSync(join(folder, 'elsewhere'), argv);
    expect(() => verifyRecord(laid)).toThrow(expect.objectContaining({ code: 'not-regular' }));
  });

  it('is looked for in a folder that is there', async () => {
    await expect(gatherRecords(join(folder, 'none'))).rejects.toMatchObject({ code: 'not-found' });
    expect(await gatherRecords(folder)).toEqual([]);
    writeFileSync(join(folder, 'file'), '');
    expect(await gatherRecords(folder)).toEqual([]);
    await expect(gatherRecords(join(folder, 'file'))).rejects.toMatchObject({ code: 'not-folder' });
  });

  it('is not passed over where it cannot be looked at', async () => {
    const laid = layRecord(folder);
    rmSync(join(laid, 'record.txt'));
    symlinkSync('record.txt', join(laid, 'record.txt'));
    await expect(gatherRecords(folder)).rejects.toMatchObject({ code: 'not-regular' });
  });
});
