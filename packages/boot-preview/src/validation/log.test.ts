// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SEED_BUILD_ID_PREFIX, SEED_EXIT_CODE, SEED_SENTINEL } from '@latticra/boot-seed';
import { describeEnd, NOTHING_EXPECTED } from '@latticra/vm-run';
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
import { BootPreviewError } from '../error.js';
import { holdEvidence } from '../evidence/load.js';
import { type BootEvidence, bootEvidence } from '../evidence/schema.js';
import { seedSystem } from '../expectation.js';
import { holdPlace } from '../files/inside.js';
import { sumBytes } from '../files/sum.js';
import { profileNamed } from '../profile.js';
import { checkExpected } from './expected.js';
import { checkBuildId, checkLog } from './log.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const digest = (digit: string) => digit.repeat(64);
const file = (path: string) => ({ path, sha256: digest('0') });

/** Returns what a record says of a row's boot. */
function evidenceOf({ log, changed }: BootRow): BootEvidence {
  return {
    profile: profileNamed('x86_64-grub2-uefi-preview'),
    operatorReviewId: 'review-7',
    files: {
      preflightReport: file('preflight.txt'),
      fixture: file('fixture.toml'),
      bootArtifactManifest: file('manifest.txt'),
      diskImage: { path: 'disk.raw', sha256: digest('a') },
      argvRecord: file('qemu-argv.txt'),
      serialLog: { path: 'serial.log', sha256: sumBytes(Buffer.from(log)) },
      operatorConsoleBoot: file('console.txt'),
      operatorRecovery: file('recovery.txt'),
      rollbackOrRecovery: file('rollback.txt'),
      operatorConsent: file('consent.txt'),
      qemuLog: file('qemu.log'),
    },
    captureFolder: '/capture',
    expected: seedSystem(BUILD_ID),
    end: `ended with exit code ${EXIT_CODE}`,
    buildId: BUILD_ID,
    durationMs: 1,
    program: '/usr/bin/qemu-system-x86_64',
    qemuVersion: '7.2.0',
    machineResolved: 'pc-q35-7.2',
    accelerator: 'tcg',
    host: undefined,
    firmware: { code: { path: '/fw', sha256: digest('b') }, varsTemplate: undefined },
    imageSha256Before: digest('a'),
    imageSha256After: digest(changed === 'image' ? 'd' : 'a'),
    argv: ['qemu'],
    screen: undefined,
  };
}

/** Writes the record of a row's boot and checks its log; returns `holds`, or the code of the refusal. */
async function judged(row: BootRow, hasEnd: boolean): Promise<string> {
  const path = join(folder, 'evidence.txt');
  const exitCode = row.end.kind === 'exit' ? row.end.code : 'none';
  const text = bootEvidence.format(evidenceOf(row));
  writeFileSync(path, text.replace(/^qemu_exit_code=.*$/m, `qemu_exit_code=${exitCode}`));
  writeFileSync(join(folder, 'serial.log'), row.log);
  try {
    await holdEvidence(path, { cwd: folder }, (record) => {
      const recorded = { field: 'serial_console_boot_log', log: record.evidence.files.serialLog, hasEnd };
      return checkLog(record, recorded, BUILD_ID);
    });
    return 'holds';
  } catch (error) {
    if (error instanceof BootPreviewError && error.kind === 'data') return error.code;
    throw error;
  }
}

/** Writes the record of a Linux's boot and checks its log; returns `holds`, or the code of the refusal. */
async function judgedLinux({ log, end, expect: expected }: LinuxRow): Promise<string> {
  const [row] = BOOT_ROWS;
  const evidence = {
    ...evidenceOf({ ...(row ?? expect.fail('no rows')), log }),
    expected: { ...NOTHING_EXPECTED, ...expected },
    end: describeEnd(end),
  };
  const path = join(folder, 'evidence.txt');
  writeFileSync(path, bootEvidence.format(evidence));
  writeFileSync(join(folder, 'serial.log'), log);
  try {
    const recorded = { field: 'serial_console_boot_log', log: evidence.files.serialLog, hasEnd: true };
    await holdEvidence(path, { cwd: folder }, (record) => checkLog(record, recorded, BUILD_ID));
    return 'holds';
  } catch (error) {
    if (error instanceof BootPreviewError && error.kind === 'data') return error.code;
    throw error;
  }
}

describe('the log of a Linux', () => {
  it.each(LINUX_ROWS)('a log of $name holds only where every other judge takes it', async (row) => {
    const codes: Record<string, string> = { booted: 'holds', replayed: 'replayed-log' };
    expect(await judgedLinux(row)).toBe(codes[row.verdict] ?? 'record');
  });

  it.each([
    ['seed', seedSystem(BUILD_ID), undefined],
    ['seed', { ...seedSystem(BUILD_ID), exitCode: undefined }, /has to show the marks of that build/],
    ['seed', { ...NOTHING_EXPECTED, prompt: 'login: ', buildId: BUILD_ID }, /has to show the marks/],
    ['linux', { ...NOTHING_EXPECTED, prompt: 'login: ', buildId: BUILD_ID }, undefined],
    ['linux', { ...NOTHING_EXPECTED, prompt: 'login: ', buildId: 'other' }, /expected the build id table-1/],
    ['linux', { ...NOTHING_EXPECTED, prompt: 'login: ' }, /found none/],
    ['linux', seedSystem(BUILD_ID), /whose sentinel proves nothing of it/],
    ['linux', { ...NOTHING_EXPECTED, buildId: BUILD_ID, patterns: ['(a)\\1'] }, /no boot can be held to it/],
  ] as const)(
    'the record of a %s with the expectation %j is refused, or not',
    async (system, expected, reason) => {
      const [row] = BOOT_ROWS;
      const evidence = { ...evidenceOf(row ?? expect.fail('no rows')), expected };
      await holdPlace({ path: 'evidence.txt', folder }, async (place) => {
        const check = () => checkExpected({ ...place, sha256: '', evidence }, { system, buildId: BUILD_ID });
        if (reason === undefined) expect(check).not.toThrow();
        else expect(check).toThrow(reason);
      });
    },
  );
});

describe('the log of a record', () => {
  it("the rows' sentinel, build id prefix and exit code are those of the boot seed", () => {
    expect([SENTINEL, BUILD_ID_PREFIX, EXIT_CODE]).toEqual([
      SEED_SENTINEL,
      SEED_BUILD_ID_PREFIX,
      SEED_EXIT_CODE,
    ]);
  });

  it.each(BOOT_ROWS)('a log with $name gets the verdict that its row demands of every judge', async (row) => {
    expect(await judged(row, true)).toBe(row.evidence);
  });

  it.each(BOOT_ROWS)('a log of the screen with $name gets the same verdict, without an end', async (row) => {
    expect(await judged(row, false)).toBe(row.evidence);
  });

  it('a log is of the build that the record says', async () => {
    const [row] = BOOT_ROWS;
    const evidence = row === undefined ? expect.fail('no rows') : evidenceOf(row);
    await holdPlace({ path: 'evidence.txt', folder }, async (place) => {
      const record = { ...place, sha256: '', evidence };
      expect(() => checkBuildId(record, BUILD_ID)).not.toThrow();
      expect(() => checkBuildId(record, 'other')).toThrow(expect.objectContaining({ code: 'replayed-log' }));
    });
  });
});
