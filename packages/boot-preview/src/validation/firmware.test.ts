// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HeldEvidence } from '../evidence/load.js';
import type { BootEvidence } from '../evidence/schema.js';
import { checkFirmware } from './firmware.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'firmware-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a file of that name and content, and returns it as a record has it. */
function recorded(name: string) {
  const path = join(folder, name);
  writeFileSync(path, name);
  return { path, sha256: createHash('sha256').update(name).digest('hex') };
}

/** Makes a record of a boot through UEFI, as far as its firmware goes. */
function uefiRecord(): Pick<HeldEvidence, 'path' | 'evidence'> {
  const evidence: Partial<BootEvidence> = {
    firmware: { code: recorded('CODE.fd'), varsTemplate: recorded('VARS.fd') },
  };
  return { path: 'evidence.txt', evidence: evidence as BootEvidence };
}

const FILES = [
  ['CODE.fd', 'firmware_code'],
  ['VARS.fd', 'firmware_vars_template'],
] as const;

describe('UEFI firmware', () => {
  it('UEFI firmware holds while code and variable template are those that were booted with', async () => {
    expect(await checkFirmware(uefiRecord())).toEqual([]);
  });

  it.each(FILES)('UEFI firmware does not hold once %s is another', async (name, field) => {
    const record = uefiRecord();
    writeFileSync(join(folder, name), 'another');
    await expect(checkFirmware(record)).rejects.toMatchObject({
      code: 'firmware-changed',
      message: expect.stringContaining(`${field}_sha256: firmware-changed: `),
    });
  });

  it.each(FILES)('UEFI firmware cannot be said to hold without %s', async (name, field) => {
    const record = uefiRecord();
    rmSync(join(folder, name));
    expect(await checkFirmware(record)).toEqual([
      `${field}_path: ${join(folder, name)} is not on this machine`,
    ]);
  });
});
