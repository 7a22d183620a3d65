// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { firmwareRoots } from '@latticra/toolchain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { firmwareFolders, firmwareSums, isFirmwareName } from '../outside-inputs.mjs';
import { sum } from './record.js';

let base: string;
const at = (name: string) => join(base, name);
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'latticra-outside-inputs-'));
});
afterEach(() => rmSync(base, { recursive: true }));

describe('the outside inputs of a boot', () => {
  it.each([
    ['a home', { HOME: '/h' }],
    ['a folder of its own for configuration', { HOME: '/h', XDG_CONFIG_HOME: '/x' }],
    ['a relative folder for it, which does not count', { HOME: '/h', XDG_CONFIG_HOME: 'x' }],
    ['neither home nor folder', {}],
  ])('firmware is looked for in the folders that boots use, in an environment with %s', (_, env) => {
    const folders = firmwareFolders(env);
    const { descriptorFolders, uefiPairs, seaBios } = firmwareRoots(env);
    expect(folders).toEqual(expect.arrayContaining([...descriptorFolders]));
    for (const path of [...uefiPairs.flat(), ...seaBios]) {
      expect(folders).toContain(dirname(path));
      expect([basename(path), isFirmwareName(basename(path))]).toEqual([basename(path), true]);
    }
  });

  it('the firmware digests are in the order of the paths, each once', () => {
    for (const name of ['b.fd', 'ovmf-x86_64-4m-code.bin', 'keymap']) writeFileSync(at(name), name);
    const lines = ['b.fd', 'ovmf-x86_64-4m-code.bin'].map((name) => `${sum(name)}  ${at(name)}`);
    expect(firmwareSums([base, at('none'), at('b.fd'), base])).toEqual(lines);
  });

  it('the firmware digests cover what a descriptor names, wherever it lies, and skip files that are gone', () => {
    mkdirSync(at('firmware'));
    const mapping = { executable: { filename: at('code') }, 'nvram-template': { filename: at('gone') } };
    const descriptor = JSON.stringify({ mapping });
    writeFileSync(at('code'), 'code');
    writeFileSync(at('firmware/50-a.json'), descriptor);
    writeFileSync(at('firmware/60-masked.json'), '');
    symlinkSync('nowhere', at('firmware/gone.fd'));
    expect(firmwareSums([at('firmware')])).toEqual([
      `${sum('code')}  ${at('code')}`,
      `${sum(descriptor)}  ${at('firmware/50-a.json')}`,
      `${sum('')}  ${at('firmware/60-masked.json')}`,
    ]);
  });

  it('the firmware digests are refused where a folder or a file cannot be read', () => {
    symlinkSync('loop', at('loop'));
    expect(() => firmwareSums([at('loop')])).toThrow(/ELOOP.*loop/);
    mkdirSync(at('x.fd'));
    expect(() => firmwareSums([base])).toThrow(/EISDIR/);
  });
});
