// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NOTHING_EXPECTED } from '@latticra/vm-run';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MATRIX, matrix } from '../../test/record.js';
import { caseNamed, loadMatrix, matrixCases, parseMatrix } from '../index.js';

describe('a matrix', () => {
  it('a matrix gives images their paths, and what is expected of all where they say nothing', () => {
    const { images, machines, timeoutMs, memoryMib } = matrix();
    const other = { ...NOTHING_EXPECTED, timeoutMs: 60_000, memoryMib: 256 };
    expect(images).toEqual([
      {
        ...other,
        name: 'iso',
        path: '/images/a/os.iso',
        format: 'iso',
        attach: ['cdrom', 'usb'],
        lines: ['OK', 'ID 1'],
        exitCode: 33,
      },
      {
        ...other,
        name: 'disk',
        path: '/os.qcow2',
        format: 'qcow2',
        attach: ['disk'],
        lines: ['login'],
        exitCode: 33,
      },
    ]);
    expect(machines.map(({ expect: wanted }) => wanted)).toEqual(['boot', 'refusal']);
    expect([timeoutMs, memoryMib]).toEqual([60_000, 256]);
  });

  it('a matrix has a case of its own name for every image, way of attaching it and machine', () => {
    const names = matrixCases(matrix()).map(({ name }) => name);
    expect(names).toEqual([
      'iso_cdrom_bios',
      'iso_cdrom_secure',
      'iso_usb_bios',
      'iso_usb_secure',
      'disk_disk_bios',
      'disk_disk_secure',
    ]);
    expect(caseNamed(matrix(), 'iso_usb_bios').attach).toBe('usb');
    expect(() => caseNamed(matrix(), 'iso_usb')).toThrow(
      expect.objectContaining({
        code: 'unknown-case',
        kind: 'usage',
        fix: expect.stringContaining('iso_cdrom_bios'),
      }),
    );
  });

  it.each([
    ['is not TOML', (text: string) => `${text}]`, /^line 21, column 1: /],
    ['has another schema', (text: string) => text.replace('v0.1', 'v9'), /^schema: /],
    ['has a key that nobody knows', (text: string) => text.replace('exit_code', 'exit'), /^expect\.exit: /],
    [
      'has a format that nobody knows',
      (text: string) => text.replace('"iso"', '"vmdk"'),
      /^images\.iso\.format: /,
    ],
    [
      'attaches an image in no way',
      (text: string) => text.replace('["disk"]', '[]'),
      /^images\.disk\.attach: /,
    ],
    [
      'attaches it twice',
      (text: string) => text.replace('"usb"', '"cdrom"'),
      /^images\.iso\.attach: cdrom stands/,
    ],
    [
      'expects nothing',
      (text: string) => text.replace('lines = ["OK", "ID 1"]\n', ''),
      /^images\.iso\.lines: nothing is expected/,
    ],
    [
      'expects an exit code that proves nothing',
      (text: string) => text.replace('33', '0'),
      /^expect\.exit_code: /,
    ],
    [
      'expects a line break in a line',
      (text: string) => text.replace('ID 1', 'a\\nb'),
      /^expect\.lines\.1: /,
    ],
    [
      'names a machine that cannot verify',
      (text: string) => text.replace('q35', 'pc-i440fx'),
      /^machines\.secure\.machine: expected q35/,
    ],
    [
      'has a name that leaves the folder',
      (text: string) => text.replace('images.iso', 'images."../x"'),
      /^images/,
    ],
    ['has a name that would join two', (text: string) => text.replace('images.iso', 'images.a_b'), /^images/],
    [
      'has a key that no image has',
      (text: string) => text.replace('format = "iso"', 'format = "iso"\nformt = "raw"'),
      /^images\.iso\.formt: unknown key$/,
    ],
    ['has a table that none has', (text: string) => `${text}[image]\n`, /^image: unknown key$/],
    [
      'has an expectation of its own',
      (text: string) => text.replace('exit_code', 'exitcode'),
      /^expect\.exitcode: unknown key$/,
    ],
    ['lacks a path', (text: string) => text.replace(/^path = .*\n/m, ''), /^images\.\w+\.path: missing$/],
    [
      'has no images',
      (text: string) => `${text.split('[images')[0]}[images]\n`,
      /^images: expected at least one/,
    ],
    [
      'has no machines',
      (text: string) => text.replace(/\[machines[\s\S]*?(?=\[images)/, '[machines]\n'),
      /^machines: /,
    ],
  ])('a matrix is refused when it %s', (_, damage, message) => {
    const text = damage(MATRIX);
    expect(text).not.toBe(MATRIX);
    expect(() => parseMatrix(text, '/')).toThrow(message);
    expect(() => parseMatrix(text, '/')).toThrow(
      expect.objectContaining({ code: 'bad-matrix', kind: 'data' }),
    );
  });

  it('an image says what is expected of it alone, and takes nothing away from what is forbidden', () => {
    const own = `pattern = "^login"
prompt = "login: "
build_id = "b-1"
forbid = ["own"]
timeout_seconds = 90
memory_mib = 1024
`;
    const all =
      'contains = ["a", "b"]\nforbid = "all"\nforbid_services = true\ntimeout_seconds = 30\n[machines.bios]';
    const text = MATRIX.replace('exit_code = 33\n[machines.bios]', all).replace('lines = ["login"]\n', own);
    const [iso, disk] = parseMatrix(text, '/').images;
    const shared = { contains: ['a', 'b'], forbidServices: true, lines: ['OK', 'ID 1'], exitCode: undefined };
    expect(iso).toMatchObject({ ...shared, forbid: ['all'], timeoutMs: 30_000, memoryMib: 256 });
    expect(disk).toMatchObject({
      ...shared,
      patterns: ['^login'],
      prompt: 'login: ',
      buildId: 'b-1',
      forbid: ['all', 'own'],
      timeoutMs: 90_000,
      memoryMib: 1024,
    });
  });

  it.each([
    ['pattern = "(a)\\\\1"', /^images\.disk\.pattern: .*\\1, which is not taken/],
    ['prompt = "login: "', /^images\.disk\.prompt: expected no exit code/],
    ['contains = "Kernel panic"', /^images\.disk\.contains: "Kernel panic" is expected and forbidden/],
    ['build_id = "a b"', /^images\.disk\.build_id: /],
    ['contains = []', /^images\.disk\.contains/],
    ['forbid = ["x*"]', /^images\.disk\.forbid: .*a line of nothing/],
    ['timeout_seconds = 0', /^images\.disk\.timeout_seconds: expected at least 1/],
  ])('a matrix is refused when an image expects %s', (line, message) => {
    expect(() => parseMatrix(`${MATRIX}${line}\n`, '/')).toThrow(message);
  });

  it('whatever else a matrix is, it is refused with a reason', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        expect(() => parseMatrix(text, '/')).toThrow(expect.objectContaining({ code: 'bad-matrix' }));
      }),
    );
  });

  it('a matrix is read from a file, whose name stands before what is wrong with it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'latticra-matrix-'));
    try {
      const path = join(folder, 'boot-matrix.toml');
      writeFileSync(path, MATRIX);
      expect((await loadMatrix(path)).images[0]?.path).toBe(join(folder, 'a/os.iso'));
      writeFileSync(path, Buffer.from([0xff]));
      await expect(loadMatrix(path)).rejects.toThrow(`${path}: expected UTF-8 text`);
      writeFileSync(path, 'schema = 1');
      await expect(loadMatrix(path)).rejects.toThrow(`${path}: schema: `);
      await expect(loadMatrix(join(folder, 'none'))).rejects.toMatchObject({ code: 'not-found' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
