// SPDX-License-Identifier: Apache-2.0
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EvidenceError } from '@latticra/evidence-format';
import { describeEnd, readSerial } from '@latticra/vm-run';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  BOOT_ROWS,
  type BootRow,
  BUILD_ID,
  BUILD_ID_PREFIX,
  EXIT_CODE,
  SENTINEL,
} from '../../../../tools/testing/boot-logs.js';
import { LINUX_ROWS, type LinuxRow } from '../../../../tools/testing/linux-logs.js';
import {
  commandOf,
  ENDED,
  GOOD_LOG,
  goodRecord,
  layRecord,
  REFUSAL_LOG,
  REFUSED,
  type RecordChanges,
  sum,
} from '../../test/record.js';
import { bootRecord, gatherRecords, isAsExpected, judge, verifyRecord } from '../index.js';
import { copyRecord, recordFiles } from './index.js';

/** Makes a folder for each test. */
function recordFolder(): { readonly path: string } {
  let path = '';
  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), 'latticra-record-'));
  });
  afterEach(() => rmSync(path, { recursive: true }));
  return {
    get path() {
      return path;
    },
  };
}

const edit = (path: string, change: (text: string) => string) =>
  writeFileSync(path, change(readFileSync(path, 'utf8')));

const OUTCOMES = ['booted', 'refused'];

/** Returns the changes that make a record that of a row's boot. */
function changesOf({ end, expect, firmware, changed }: BootRow): RecordChanges {
  const digests = (digit: string) =>
    ({ code: digit.repeat(64), variables: firmware === 'uefi' ? 'c'.repeat(64) : undefined }) as const;
  return {
    evidence: { lines: [SENTINEL, BUILD_ID_PREFIX + BUILD_ID], exitCode: EXIT_CODE },
    expect,
    firmware,
    imageAfter: (changed === 'image' ? 'd' : 'a').repeat(64),
    firmwareBefore: digests('b'),
    firmwareAfter: digests(changed === 'firmware' ? 'd' : 'b'),
    endKind: end.kind,
    endCode: end.kind === 'exit' ? end.code : undefined,
    end: describeEnd(end),
  };
}

describe('records of known boots', () => {
  const folder = recordFolder();
  it.each(BOOT_ROWS)('a record of $name comes to what every other judge says of it', (row) => {
    const expected = row.matrix ?? row.verdict;
    const laid = layRecord(folder.path, row.log, changesOf(row));
    const { outcome, reason = '' } = verifyRecord(laid).verdict;
    expect(outcome === 'failed' ? reason.split(': ', 1)[0] : outcome).toBe(expected);
  });

  it.each(BOOT_ROWS)('a record of $name does not hold with another outcome', (row) => {
    const laid = layRecord(folder.path, row.log, changesOf(row));
    const honest = verifyRecord(laid).verdict;
    for (const outcome of OUTCOMES.filter((other) => other !== honest.outcome)) {
      const asExpected = outcome === (row.expect === 'boot' ? 'booted' : 'refused') ? '1' : '0';
      edit(join(laid, 'record.txt'), (text) =>
        text
          .replace(/^outcome=.*/m, `outcome=${outcome}`)
          .replace(/^outcome_as_expected=.*/m, `outcome_as_expected=${asExpected}`)
          .replace(/^reason=.*/m, 'reason=none'),
      );
      expect(() => verifyRecord(laid)).toThrow(`says ${outcome}, its log says ${honest.outcome}`);
    }
  });
});

describe('records of Linux systems', () => {
  const folder = recordFolder();
  const changesTo = ({ end, expect: evidence }: LinuxRow): RecordChanges => ({
    evidence,
    endKind: end.kind,
    endCode: end.kind === 'exit' ? end.code : undefined,
    end: describeEnd(end),
  });

  it.each(LINUX_ROWS)('a record of $name comes to what every other judge says of it', (row) => {
    const { outcome, reason = '' } = verifyRecord(layRecord(folder.path, row.log, changesTo(row))).verdict;
    expect(outcome === 'failed' ? reason.split(': ', 1)[0] : outcome).toBe(row.verdict);
  });

  it('a record does not hold when no boot could be held to what it expects', () => {
    for (const evidence of [{}, { patterns: ['(a)\\1'] }, { prompt: 'login: ', exitCode: 33 }]) {
      const [good] = LINUX_ROWS;
      const laid = layRecord(folder.path, good?.log, { ...(good && changesTo(good)) });
      const text = bootRecord.format({
        record: goodRecord(good?.log ?? '', { ...(good && changesTo(good)), evidence }),
        verdict: { outcome: 'booted', reason: undefined },
      });
      writeFileSync(join(laid, 'record.txt'), text);
      expect(() => verifyRecord(laid)).toThrow(/no boot can be held to what it expects: /);
    }
  });

  it('nothing of an image may be in the log of a refusal, whatever it would have shown', () => {
    const record = goodRecord('', { ...REFUSED, evidence: { contains: ['Welcome to Kiosk'] } });
    const refusal = REFUSAL_LOG.trim();
    expect(judge(record, { lines: [refusal], rest: '' }).outcome).toBe('refused');
    const ran = judge(record, { lines: ['Welcome to Kiosk 1', refusal], rest: '' });
    expect(ran.reason).toMatch(/^not-refused: the image ran all the same/);
  });
});

describe('the times of a record', () => {
  const folder = recordFolder();
  const log = `LATTICRA_LOADER bios\r\n${SENTINEL}\r\n${GOOD_LOG}`;
  const phases = { firmware: undefined, loader: 10, kernel: 20, init: undefined, end: 400 };

  it('the times of a record hold when each part begins behind the one before, and the log has it', () => {
    expect(verifyRecord(layRecord(folder.path, log, { phases })).record.phases).toEqual(phases);
    expect(readFileSync(join(folder.path, 'iso_cdrom_bios/record.txt'), 'utf8')).toContain(
      '\nphase_firmware_ms=unknown\nphase_loader_ms=10\nphase_kernel_ms=20\nphase_init_ms=unknown\nphase_end_ms=400\n',
    );
  });

  it.each([
    [{ ...phases, loader: undefined }, /has no time for phase_loader_ms, and its log shows it/],
    [{ ...phases, init: 30 }, /has a time for phase_init_ms, and its log shows no such part/],
    [{ ...phases, loader: 21 }, /has phase_kernel_ms 20, before/],
    [{ ...phases, end: 19 }, /has phase_end_ms 19, expected 20 to 420/],
    [{ ...phases, end: 421 }, /has phase_end_ms 421, expected 20 to 420/],
  ])('a record does not hold with the times %j', (wrong, reason) => {
    expect(() => verifyRecord(layRecord(folder.path, log, { phases: wrong }))).toThrow(reason);
  });
});

describe('judge', () => {
  const recorded = recordFolder();
  const REFUSAL_LINE = REFUSAL_LOG.trim();
  it.each<[string, RecordChanges, string[], string, RegExp | undefined]>([
    [
      'a time-out before the last line',
      { endKind: 'timeout', endCode: undefined, end: 'did not end within 60 s' },
      ['OK'],
      'failed',
      /^timeout: the machine did not end within 60 s, expected exit code 33; last seen was "OK"$/,
    ],
    ['a line twice, of any system', {}, ['OK', 'ID 1', 'OK'], 'failed', /^replayed: 2 lines "OK"/],
    [
      'a stop at the last line',
      {
        ...REFUSED,
        end: 'was stopped at the line ID 1',
        evidence: { lines: ['OK', 'ID 1'], exitCode: undefined },
      },
      ['OK', 'ID 1'],
      'booted',
      undefined,
    ],
    [
      'a stop elsewhere',
      { ...REFUSED, expect: 'boot', evidence: { lines: ['OK', 'ID 1'], exitCode: undefined } },
      ['OK', REFUSAL_LINE],
      'failed',
      /^stopped: .* expected it to reach "ID 1"$/,
    ],
    [
      'an end where a stop is expected',
      { evidence: { lines: ['OK', 'ID 1'], exitCode: undefined } },
      ['OK', 'ID 1'],
      'failed',
      /^exit-code: /,
    ],
    ['an end of two kinds', { endKind: 'timeout' }, ['OK', 'ID 1'], 'failed', /^end-unknown: /],
    ['an end with two codes', { endCode: 32 }, ['OK', 'ID 1'], 'failed', /^end-unknown: /],
    ['an end that is none', { end: 'all is well' }, ['OK', 'ID 1'], 'failed', /^end-unknown: /],
    ['a refusal', REFUSED, [REFUSAL_LINE], 'refused', undefined],
    [
      'a refusal behind a line',
      REFUSED,
      ['OK, nearly', REFUSAL_LINE],
      'failed',
      /ran all the same, and wrote "OK, nearly"/,
    ],
  ])('the judge finds what %s comes to', (_, changes, lines, outcome, reason) => {
    const verdict = judge(goodRecord(GOOD_LOG, changes), { lines, rest: '' });
    expect(verdict.outcome).toBe(outcome);
    if (reason === undefined) expect(verdict.reason).toBeUndefined();
    else expect(verdict.reason).toMatch(reason);
  });

  it('the judge leaves a valid record, whatever the guest wrote', () => {
    const laid = layRecord(recorded.path, `${GOOD_LOG}${BUILD_ID_PREFIX}\u0085\u2028${'x'.repeat(9999)}\n`, {
      evidence: { lines: ['OK', `${BUILD_ID_PREFIX}1`], exitCode: 33 },
    });
    expect(verifyRecord(laid).verdict.reason).toMatch(
      /^replayed: expected the line "LATTICRA_BUILD_ID 1", the log has "LATTICRA_BUILD_ID \\u0085/,
    );
  });

  it('the judge does not count a loader that boots as refused', () => {
    const record = goodRecord(GOOD_LOG, { ...REFUSED, ...ENDED });
    const verdict = judge(record, readSerial(Buffer.from(GOOD_LOG)));
    expect(verdict.outcome).toBe('booted');
    expect(isAsExpected(record, verdict)).toBe(false);
  });

  it('the judge has nothing to say of build ids where no build id is expected', () => {
    const evidence = { lines: [SENTINEL], exitCode: 33 };
    const lines = [SENTINEL, `${BUILD_ID_PREFIX}any`];
    expect(judge(goodRecord('', { evidence }), { lines, rest: '' }).outcome).toBe('booted');
  });
});

describe('a record', () => {
  const text = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 30 });
  const digest = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 });
  const records = fc
    .record({
      caseName: text,
      imageName: fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,62}$/),
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

  it('a record reads back as it was written, and is written as it was read', () => {
    fc.assert(
      fc.property(records, fc.array(text), (record, lines) => {
        const verdict = judge(record, { lines, rest: '' });
        const written = bootRecord.format({ record, verdict });
        const parsed = bootRecord.parse(written);
        expect(parsed).toEqual({ record, verdict });
        expect(bootRecord.format(parsed)).toBe(written);
      }),
    );
  });

  const good = () => {
    const record = goodRecord(GOOD_LOG);
    return bootRecord.format({ record, verdict: judge(record, readSerial(Buffer.from(GOOD_LOG))) });
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
  ])('a record is refused when it %s', (_, from, to) => {
    const damaged = good().replace(from, to);
    expect(damaged).not.toBe(good());
    expect(() => bootRecord.parse(damaged)).toThrow(EvidenceError);
  });

  it.each(['serial_log_sha256', 'screenshot_sha256', 'firmware_variables_sha256_before'])(
    'a record is refused with the name of the key when %s is no digest',
    (key) => {
      const damaged = good().replace(new RegExp(`^${key}=.*`, 'm'), `${key}=sha256:0`);
      expect(() => bootRecord.parse(damaged)).toThrow(new RegExp(key));
    },
  );
});

describe('a record on disk', () => {
  const held = recordFolder();

  it('a record on disk is verified against its files', async () => {
    const laid = layRecord(held.path);
    const { record, verdict, sha256 } = verifyRecord(laid);
    expect([record.caseName, verdict.outcome]).toEqual(['iso_cdrom_bios', 'booted']);
    expect(sha256).toBe(sum(readFileSync(join(laid, 'record.txt'), 'utf8')));
    layRecord(held.path, REFUSAL_LOG, REFUSED);
    const all = await gatherRecords(held.path);
    expect(all.map((each) => each.verdict.outcome)).toEqual(['booted', 'refused']);
  });

  it.each<[string, (command: string) => string, RegExp]>([
    [
      'has another drive',
      (text) => text.replace(' -chardev', ' -drive file=/etc/x -chardev'),
      /its command has/,
    ],
    ['has a network card', (text) => text.replace(' none ', ' user '), /has "user" at word/],
    ['ends early', (text) => text.replace(/ -S\n$/, '\n'), /ends at word \d+, where its case has "-S"/],
    [
      'starts another program',
      (text) => text.replace('qemu-system-x86_64', 'echo'),
      /runs "\/usr\/bin\/echo"/,
    ],
    ['lets the image be written', (text) => text.replace('readonly=on,', ''), /at word/],
    ['boots another format', (text) => text.replace('format=raw', 'format=qcow2'), /at word/],
    ['is of another machine', (text) => text.replace('pc,accel', 'q35,accel'), /at word/],
    ['is no command', () => 'qemu |\n', /its command/],
    ['is empty', () => '', /its command/],
  ])('a record does not hold when its command %s', (_, change, reason) => {
    const argvRecord = { name: 'qemu-argv.txt', sha256: sum(change(commandOf())) };
    const laid = layRecord(held.path, GOOD_LOG, { argvRecord });
    edit(join(laid, 'qemu-argv.txt'), change);
    expect(() => verifyRecord(laid)).toThrow(expect.objectContaining({ code: 'bad-record' }));
    expect(() => verifyRecord(laid)).toThrow(reason);
  });

  it.each([
    ['qcow2', true],
    ['vmdk', false],
  ])('a record of firmware in a file of format %s holds: %s', (format, holds) => {
    const change = (text: string) => text.replace(/(unit=[01],format=)raw/g, `$1${format}`);
    const argvRecord = { name: 'qemu-argv.txt', sha256: sum(change(commandOf(REFUSED))) };
    const laid = layRecord(held.path, REFUSAL_LOG, { ...REFUSED, argvRecord });
    edit(join(laid, 'qemu-argv.txt'), change);
    if (holds) expect(verifyRecord(laid).verdict.outcome).toBe('refused');
    else expect(() => verifyRecord(laid)).toThrow(/format=vmdk.* at word/);
  });

  it.each<[RecordChanges, RegExp]>([
    [{ machineResolved: 'pc-q35-7.2' }, /ran on pc-q35-7\.2, which is no pc-i440fx/],
    [{ machineResolved: 'pc-i440fx-9.0' }, /is later than QEMU 7\.2\.0/],
    [{ accelerator: 'kvm' }, /ran with kvm/],
    [{ qemuVersion: 'new' }, /no version of QEMU/],
    [{ qemuVersion: '6.2.0', machineResolved: 'pc-i440fx-6.2' }, /is of QEMU 6\.2\.0, expected 7\.0/],
    [{ caseName: 'iso_usb_bios' }, /is of case iso_usb_bios, and its parts are of iso_cdrom_bios/],
    [{ screenshot: { name: 'serial.log', sha256: sum(GOOD_LOG) } }, /names serial\.log for two of its files/],
    [{ firmwareBefore: { code: 'b'.repeat(64), variables: 'c'.repeat(64) } }, /unlike what seabios has/],
  ])('a record does not hold with %j', (changes, reason) => {
    expect(() => verifyRecord(layRecord(held.path, GOOD_LOG, changes))).toThrow(reason);
  });

  it('a record of a log with a panic, or of a log twice, has failed', () => {
    const outcome = (log: string) => verifyRecord(layRecord(held.path, log)).verdict;
    expect(outcome(`${GOOD_LOG}[ 1.0] Kernel panic - not syncing\n`).reason).toMatch(/^forbidden-line/);
    expect(outcome(GOOD_LOG + GOOD_LOG).reason).toMatch(/^replayed/);
  });

  it('a record does not hold with a log that was edited', () => {
    const laid = layRecord(held.path);
    edit(join(laid, 'serial.log'), (log) => `${log}more\n`);
    expect(() => verifyRecord(laid)).toThrow(/serial\.log has the digest/);
  });

  it('a record does not hold with another outcome than the one that the log shows', () => {
    const laid = layRecord(held.path, 'OK\r\n');
    edit(join(laid, 'record.txt'), (text) =>
      text
        .replace('outcome=failed', 'outcome=booted')
        .replace('outcome_as_expected=0', 'outcome_as_expected=1')
        .replace(/reason=.*/, 'reason=none'),
    );
    expect(() => verifyRecord(laid)).toThrow(
      /says booted, its log says failed \(missing-line: no line "ID 1"/,
    );
  });

  it('a sentinel inside a terminal sequence does not count as shown', () => {
    const log = '\u001b]0;\nOK\nID 1\n\u0007\n';
    expect(verifyRecord(layRecord(held.path, log)).verdict.outcome).toBe('failed');
  });

  it('a record does not hold without its files, or with a link in place of one', () => {
    const laid = layRecord(held.path);
    const argv = join(laid, 'qemu-argv.txt');
    rmSync(argv);
    expect(() => verifyRecord(laid)).toThrow(expect.objectContaining({ code: 'bad-record' }));
    expect(() => verifyRecord(laid)).toThrow('qemu-argv.txt is not there');
    writeFileSync(join(held.path, 'elsewhere'), 'qemu\n');
    symlinkSync(join(held.path, 'elsewhere'), argv);
    expect(() => verifyRecord(laid)).toThrow(expect.objectContaining({ code: 'not-regular' }));
  });

  it('a record is copied with all the files that it names, and nothing else', async () => {
    const laid = layRecord(held.path);
    writeFileSync(join(laid, 'screen.png'), 'not of this record');
    const record = verifyRecord(laid);
    await copyRecord(record, join(held.path, 'copy'));
    expect(readdirSync(join(held.path, 'copy')).sort()).toEqual(
      recordFiles(record)
        .map(({ name }) => name)
        .sort(),
    );
    expect(verifyRecord(join(held.path, 'copy')).sha256).toBe(record.sha256);
  });

  it('a record that was changed since it was verified is not copied', async () => {
    const laid = layRecord(held.path);
    const record = verifyRecord(laid);
    const copy = () => copyRecord(record, join(held.path, 'copy'));
    layRecord(held.path, 'OK\r\n');
    await expect(copy()).rejects.toMatchObject({ code: 'bad-record' });
    layRecord(held.path);
    edit(join(laid, 'serial.log'), (log) => `${log}more\n`);
    await expect(copy()).rejects.toMatchObject({ code: 'bad-record' });
    rmSync(join(laid, 'serial.log'));
    symlinkSync('qemu-argv.txt', join(laid, 'serial.log'));
    await expect(copy()).rejects.toMatchObject({ code: 'not-regular' });
    expect(existsSync(join(held.path, 'copy'))).toBe(false);
  });

  it('records are looked for only in a folder that is there', async () => {
    await expect(gatherRecords(join(held.path, 'none'))).rejects.toMatchObject({ code: 'not-found' });
    expect(await gatherRecords(held.path)).toEqual([]);
    writeFileSync(join(held.path, 'file'), '');
    expect(await gatherRecords(held.path)).toEqual([]);
    await expect(gatherRecords(join(held.path, 'file'))).rejects.toMatchObject({ code: 'not-folder' });
  });

  it('a record that cannot be looked at is not passed over', async () => {
    const laid = layRecord(held.path);
    rmSync(join(laid, 'record.txt'));
    symlinkSync('record.txt', join(laid, 'record.txt'));
    await expect(gatherRecords(held.path)).rejects.toMatchObject({ code: 'not-regular' });
  });
});
