// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SEED_BUILD_ID_PREFIX, SEED_EXIT_CODE, SEED_SENTINEL } from '@latticra/boot-seed';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  BOOT_ROWS,
  type BootRow,
  BUILD_ID,
  BUILD_ID_PREFIX,
  EXIT_CODE,
  SENTINEL,
} from '../../../../tools/testing/boot-logs.js';
import { BootPreviewError } from '../error.js';
import { holdEvidence } from '../evidence/load.js';
import { type BootEvidence, bootEvidence } from '../evidence/schema.js';
import { holdPlace } from '../files/inside.js';
import { sumBytes } from '../files/sum.js';
import { profileNamed } from '../profile.js';
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
    buildId: BUILD_ID,
    durationMs: 1,
    program: '/usr/bin/qemu-system-x86_64',
    qemuVersion: '7.2.0',
    machineResolved: 'pc-q35-7.2',
    accelerator: 'tcg',
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
    await holdEvidence(path, folder, (record) => {
      const recorded = { field: 'serial_console_boot_log', log: record.evidence.files.serialLog, hasEnd };
      return checkLog(record, recorded, BUILD_ID);
    });
    return 'holds';
  } catch (error) {
    if (error instanceof BootPreviewError && error.kind === 'data') return error.code;
    throw error;
  }
}

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
