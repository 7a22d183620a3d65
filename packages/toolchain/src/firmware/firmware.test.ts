// SPDX-License-Identifier: Apache-2.0
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bytesSource, createLayout, layoutSource, readBytes } from '@latticra/disk-image';
import { encodeQcow2 } from '@latticra/disk-image/qcow2';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type FirmwareRequest,
  type FirmwareRoots,
  findFirmware,
  firmwareRoots,
  pairFirmware,
  requireSeaBios,
  surveyFirmware,
} from '../index.js';
import { findSeaBios } from './find.js';
import { globMatches } from './match.js';

/** Bytes of code and variable store in 4 MiB and 2 MiB flash images. */
const SIZE = { CODE_4M: 3_653_632, VARS_4M: 540_672, CODE_2M: 1_966_080, VARS_2M: 131_072 };

let root: string;
let roots: FirmwareRoots;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'latticra-firmware-'));
  roots = {
    descriptorFolders: ['config', 'etc', 'share'].map((name) => join(root, name)),
    uefiPairs: [],
    seaBios: [],
  };
});
afterEach(() => rmSync(root, { recursive: true }));

/** Puts a file of the given text or length under the root. */
function put(name: string, content: string | number): string {
  const path = join(root, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === 'number' ? new Uint8Array(content) : content);
  return path;
}

/** Puts a flash image of this length, in a qcow2 file that is much shorter. */
function putQcow2(name: string, size: number): string {
  const mark = { offset: 0, source: bytesSource(Buffer.from('firmware')) };
  const file = layoutSource(encodeQcow2(createLayout(size, [mark])));
  const path = put(name, '');
  writeFileSync(path, readBytes(file, 0, file.size));
  return path;
}

interface Sketch {
  code?: string;
  vars?: string;
  features?: string[];
  machines?: string[];
  architecture?: string;
  mapping?: object;
  interfaces?: string[];
}
/** A descriptor in the manner of those that distributions ship, with its two firmware files. */
function describeFirmware(name: string, sketch: Sketch = {}): void {
  const code = join(root, sketch.code ?? `fw/${name}.CODE.fd`);
  const vars = join(root, sketch.vars ?? `fw/${name}.VARS.fd`);
  if (sketch.code === undefined) put(`fw/${name}.CODE.fd`, SIZE.CODE_4M);
  if (sketch.vars === undefined) put(`fw/${name}.VARS.fd`, SIZE.VARS_4M);
  put(
    name,
    JSON.stringify({
      description: 'firmware of a test',
      'interface-types': sketch.interfaces ?? ['uefi'],
      mapping: {
        device: 'flash',
        executable: { filename: code, format: 'raw' },
        'nvram-template': { filename: vars, format: 'raw' },
        ...sketch.mapping,
      },
      targets: [
        {
          architecture: sketch.architecture ?? 'x86_64',
          machines: sketch.machines ?? ['pc-i440fx-*', 'pc-q35-*'],
        },
      ],
      features: sketch.features ?? ['acpi-s3'],
      tags: [],
    }),
  );
}
const RAW = { codeFormat: 'raw', varsFormat: 'raw' } as const;
const secure = ['secure-boot', 'requires-smm', 'enrolled-keys'];
const found = (request: FirmwareRequest = { machine: 'q35' }) =>
  findFirmware(request, roots).code.slice(root.length + 1);
const refusal = (code: string, kind = 'data') => expect.objectContaining({ code, kind });

describe('findFirmware', () => {
  it('descriptors are preferred by file name across the folders', () => {
    describeFirmware('share/50-b.json');
    describeFirmware('etc/60-c.json');
    describeFirmware('config/70-d.json');
    expect(found()).toBe('fw/share/50-b.json.CODE.fd');
    describeFirmware('config/40-a.json');
    expect(found()).toBe('fw/config/40-a.json.CODE.fd');
  });

  it('a more specific folder replaces a descriptor by its name, and an empty file leaves it out', () => {
    describeFirmware('share/50-a.json');
    describeFirmware('share/60-b.json');
    describeFirmware('etc/50-a.json');
    expect(found()).toBe('fw/etc/50-a.json.CODE.fd');
    put('config/50-a.json', '');
    expect(found()).toBe('fw/share/60-b.json.CODE.fd');
  });

  it.each<[string, Sketch]>([
    ['secure boot', { features: secure }],
    ['system management mode', { features: ['requires-smm'] }],
    ['another architecture', { architecture: 'aarch64' }],
    ['another machine', { machines: ['microvm'] }],
    ['only some versions of the machine', { machines: ['pc-q35-8.*'] }],
    ['BIOS', { interfaces: ['bios'] }],
    ['one flash image for both', { mapping: { mode: 'combined' } }],
    ['memory instead of flash', { mapping: { device: 'memory', filename: '/x' } }],
    ['another format', { mapping: { executable: { filename: '/x', format: 'vmdk' } } }],
    ['no variable store', { mapping: { 'nvram-template': undefined } }],
    ['code that is not installed', { code: 'fw/none.fd' }],
    ['variables that are not installed', { vars: 'fw/none.fd' }],
  ])('firmware for %s is passed over', (_, sketch) => {
    describeFirmware('share/10-other.json', sketch);
    expect(() => found()).toThrow(refusal('firmware-missing', 'tool-missing'));
    describeFirmware('share/90-plain.json');
    expect(found()).toBe('fw/share/90-plain.json.CODE.fd');
  });

  /** Puts firmware in qcow2 files, and a descriptor that says so. */
  const describeQcow2 = (name: string) => {
    const code = putQcow2(`fw/${name}.CODE.qcow2`, SIZE.CODE_4M);
    const vars = putQcow2(`fw/${name}.VARS.qcow2`, SIZE.VARS_4M);
    describeFirmware(name, {
      code: `fw/${name}.CODE.qcow2`,
      vars: `fw/${name}.VARS.qcow2`,
      mapping: {
        executable: { filename: code, format: 'qcow2' },
        'nvram-template': { filename: vars, format: 'qcow2' },
      },
    });
    return { code, codeFormat: 'qcow2', vars, varsFormat: 'qcow2', requiresSmm: false };
  };

  it('firmware that is there in qcow2 files alone is used as that, and raw firmware before it', () => {
    const qcow2 = describeQcow2('share/10-a.json');
    expect(findFirmware({ machine: 'q35' }, roots)).toEqual(qcow2);
    const known = [put('fw/CODE.fd', SIZE.CODE_2M), put('fw/VARS.fd', SIZE.VARS_2M)] as const;
    // A place that is known is a guess, a descriptor none.
    expect(findFirmware({ machine: 'q35' }, { ...roots, uefiPairs: [known] })).toEqual(qcow2);
    describeFirmware('share/90-raw.json');
    expect(findFirmware({ machine: 'q35' }, roots)).toMatchObject(RAW);
    expect(found()).toBe('fw/share/90-raw.json.CODE.fd');
  });

  it('the format of a firmware file is what its content is, whatever its descriptor says', () => {
    putQcow2('fw/CODE', SIZE.CODE_4M);
    put('fw/VARS', SIZE.VARS_4M);
    describeFirmware('share/10-a.json', { code: 'fw/CODE', vars: 'fw/VARS' });
    expect(findFirmware({ machine: 'q35' }, roots)).toMatchObject({ codeFormat: 'qcow2', varsFormat: 'raw' });
  });

  it('a qcow2 file that shows more than its own bytes is no firmware', () => {
    const { code } = describeQcow2('share/10-a.json');
    const overlay = readFileSync(code);
    overlay.write('base', 256, 'latin1');
    overlay.writeUInt32BE(256, 12);
    overlay.writeUInt32BE(4, 16);
    for (const [bytes, message] of [
      [overlay, /backing file/],
      [overlay.subarray(0, 50), /has 50 bytes/],
    ] as const) {
      writeFileSync(code, bytes);
      expect(() => found()).toThrow(refusal('firmware-unreadable'));
      expect(() => found()).toThrow(message);
      expect(() => surveyFirmware('auto', 'q35', roots)).toThrow(refusal('firmware-unreadable'));
    }
  });

  it('code of 4M in a qcow2 file is not paired with a variable store of 2M', () => {
    const { vars } = describeQcow2('share/10-a.json');
    putQcow2(vars.slice(root.length + 1), SIZE.VARS_2M);
    expect(() => found()).toThrow(refusal('firmware-mismatched'));
    expect(() => found()).toThrow(/found 3653632 and 131072 bytes/);
  });

  it('firmware with secure boot is found on Q35 by those who ask for it', () => {
    describeFirmware('share/40-ms.json', { features: secure });
    describeFirmware('share/60-plain.json');
    roots = {
      ...roots,
      uefiPairs: [[put('fw/CODE.fd', SIZE.CODE_4M), put('fw/VARS.fd', SIZE.VARS_4M)]],
    };
    expect(findFirmware({ machine: 'q35', secureBoot: true }, roots)).toMatchObject({ requiresSmm: true });
    expect(() => found({ machine: 'pc-i440fx', secureBoot: true })).toThrow(
      refusal('firmware-missing', 'tool-missing'),
    );
  });

  it('firmware that no descriptor mentions is found in the known places', () => {
    const code = put('fw/OVMF_CODE.fd', SIZE.CODE_2M);
    const vars = put('fw/OVMF_VARS.fd', SIZE.VARS_2M);
    roots = {
      ...roots,
      uefiPairs: [
        [join(root, 'none'), vars],
        [code, vars],
      ],
    };
    expect(findFirmware({ machine: 'pc-i440fx' }, roots)).toEqual({ ...RAW, code, vars, requiresSmm: false });
  });

  it('a code file of 4M is never paired with a variable store of 2M', () => {
    describeFirmware('share/10-mixed.json', { vars: 'fw/small.fd' });
    put('fw/small.fd', SIZE.VARS_2M);
    expect(() => found()).toThrow(refusal('firmware-mismatched'));
  });

  it.each([
    ['text', 'not json'],
    ['a number', '7'],
    ['no targets', '{"interface-types":[],"mapping":{"device":"flash"},"features":[]}'],
    [
      'a feature that is no word',
      '{"interface-types":["uefi"],"mapping":{"device":"x"},"targets":[],"features":[1]}',
    ],
  ])('no firmware is chosen beside a descriptor that holds %s', (_, text) => {
    describeFirmware('share/10-good.json');
    put('etc/90-bad.json', text);
    expect(() => found()).toThrow(refusal('bad-descriptor'));
    expect(() => found()).toThrow(/90-bad\.json/);
  });

  it('a folder of descriptors that cannot be listed is reported', () => {
    put('etc', 0);
    describeFirmware('share/10-good.json');
    expect(found()).toBe('fw/share/10-good.json.CODE.fd');
    if (process.getuid?.() === 0) return;
    chmodSync(join(root, 'share'), 0o000);
    expect(() => found()).toThrow(refusal('bad-descriptor'));
    chmodSync(join(root, 'share'), 0o755);
  });
});

describe('pairFirmware', () => {
  it('the descriptor that names the code comes before one that leads to the same file', () => {
    put('fw/CODE.secboot.fd', SIZE.CODE_4M);
    symlinkSync(join(root, 'fw/CODE.secboot.fd'), join(root, 'fw/CODE.ms.fd'));
    put('fw/plain.fd', SIZE.VARS_4M);
    put('fw/keys.fd', SIZE.VARS_4M);
    describeFirmware('share/40-ms.json', { code: 'fw/CODE.ms.fd', vars: 'fw/keys.fd', features: secure });
    const code = join(root, 'fw/CODE.secboot.fd');
    expect(pairFirmware(code, roots)).toEqual({
      ...RAW,
      code,
      vars: join(root, 'fw/keys.fd'),
      requiresSmm: true,
    });
    describeFirmware('share/50-sb.json', { code: 'fw/CODE.secboot.fd', vars: 'fw/plain.fd' });
    expect(pairFirmware(code, roots)).toEqual({
      ...RAW,
      code,
      vars: join(root, 'fw/plain.fd'),
      requiresSmm: false,
    });
  });

  it.each([
    ['OVMF_CODE_4M.fd', 'OVMF_VARS_4M.fd', false],
    ['OVMF_CODE.4m.fd', 'OVMF_VARS.4m.fd', false],
    ['OVMF_CODE_4M.secboot.fd', 'OVMF_VARS_4M.fd', true],
    ['OVMF_CODE_4M.ms.fd', 'OVMF_VARS_4M.ms.fd', true],
    ['ovmf-x86_64-4m-code.bin', 'ovmf-x86_64-4m-vars.bin', false],
    ['edk2-x86_64-code.fd', 'edk2-i386-vars.fd', false],
    ['edk2-x86_64-secure-code.fd', 'edk2-i386-vars.fd', true],
  ])('code %s is paired with %s beside it', (codeName, varsName, requiresSmm) => {
    const code = put(`fw/${codeName}`, SIZE.CODE_4M);
    expect(() => pairFirmware(code, roots)).toThrow(refusal('firmware-unpaired', 'tool-missing'));
    const vars = put(`fw/${varsName}`, SIZE.VARS_4M);
    expect(pairFirmware(code, roots)).toEqual({ ...RAW, code, vars, requiresSmm });
  });

  it('code in a qcow2 file is paired with variables in one', () => {
    const code = putQcow2('fw/OVMF_CODE_4M.qcow2', SIZE.CODE_4M);
    const vars = putQcow2('fw/OVMF_VARS_4M.qcow2', SIZE.VARS_4M);
    const formats = { codeFormat: 'qcow2', varsFormat: 'qcow2' };
    expect(pairFirmware(code, roots)).toEqual({ code, vars, ...formats, requiresSmm: false });
  });

  it('code and variables that do not belong together or are not there are refused', () => {
    const code = put('fw/OVMF_CODE.fd', SIZE.CODE_2M);
    put('fw/OVMF_VARS.fd', SIZE.VARS_4M);
    expect(() => pairFirmware(code, roots)).toThrow(refusal('firmware-mismatched'));
    expect(() => pairFirmware(join(root, 'fw'), roots)).toThrow(
      refusal('firmware-not-found', 'input-missing'),
    );
    expect(() => pairFirmware(put('fw/bios.bin', 4096), roots)).toThrow(/variable store/);
  });
});

describe('surveyFirmware', () => {
  it('a survey says which firmware there is and what is missing', () => {
    const missing = { ...RAW, kind: 'uefi', codeExists: false, vars: undefined, requiresSmm: false };
    expect(surveyFirmware('auto', 'q35', roots)).toEqual({ ...missing, code: undefined });
    expect(surveyFirmware('/none/CODE.fd', 'q35', roots)).toEqual({ ...missing, code: '/none/CODE.fd' });
    const alone = put('alone/OVMF_CODE.fd', SIZE.CODE_4M);
    expect(surveyFirmware(alone, 'q35', roots)).toEqual({ ...missing, code: alone, codeExists: true });
    describeFirmware('share/10-plain.json');
    expect(surveyFirmware('auto', 'q35', roots)).toMatchObject({
      code: join(root, 'fw/share/10-plain.json.CODE.fd'),
      codeExists: true,
      vars: join(root, 'fw/share/10-plain.json.VARS.fd'),
    });
  });

  it('a survey does not call missing what is wrong', () => {
    put('etc/50-bad.json', '{');
    expect(() => surveyFirmware('auto', 'q35', roots)).toThrow(refusal('bad-descriptor'));
  });
});

describe('globMatches', () => {
  it('a pattern covers a text exactly where an expression of the same meaning does', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '.', '\n', '*', '?'), maxLength: 8 });
    fc.assert(
      fc.property(letters, letters, (pattern, text) => {
        const source = pattern.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.');
        expect(globMatches(pattern, text)).toBe(new RegExp(`^${source}$`, 's').test(text));
      }),
      {
        numRuns: 2000,
        examples: [
          ['', ''],
          ['*', ''],
          ['a*', 'a'],
          ['*a*b', 'aab'],
          ['?', ''],
          ['a*a', 'a'],
        ],
      },
    );
  });

  it('every character of a pattern but * and ? stands for itself', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (head, tail) => {
        const plain = (text: string) => text.replace(/[*?]/g, '');
        expect(globMatches(`${plain(head)}*${plain(tail)}`, `${plain(head)}x\n${plain(tail)}`)).toBe(true);
        expect(globMatches(plain(head), `${plain(head)}x`)).toBe(false);
      }),
    );
  });
});

describe('firmwareRoots', () => {
  it('the search begins with the configuration of the user, if there is one', () => {
    const first = (env: Record<string, string>) => firmwareRoots(env).descriptorFolders[0];
    expect(first({ XDG_CONFIG_HOME: '/x', HOME: '/h' })).toBe('/x/qemu/firmware');
    expect(first({ XDG_CONFIG_HOME: 'x', HOME: '/h' })).toBe('/h/.config/qemu/firmware');
    expect(first({})).toBe('/etc/qemu/firmware');
  });
});

describe('findSeaBios', () => {
  it('the first SeaBIOS image that is there is found', () => {
    expect(findSeaBios(roots)).toBeUndefined();
    const bios = put('bios-256k.bin', 16);
    expect(findSeaBios({ ...roots, seaBios: [join(root, 'none'), bios] })).toBe(bios);
  });

  it('a SeaBIOS image has to be there for a boot that is recorded', () => {
    expect(() => requireSeaBios(roots)).toThrow(
      expect.objectContaining({ code: 'firmware-missing', kind: 'tool-missing' }),
    );
    const bios = put('bios-256k.bin', 16);
    expect(requireSeaBios({ ...roots, seaBios: [bios] })).toBe(bios);
  });
});
