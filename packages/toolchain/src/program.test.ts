// SPDX-License-Identifier: Apache-2.0
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findProgram, requireProgram, ToolchainError } from './index.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'latticra-path-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function program(folder: string, name: string, mode = 0o755): string {
  const path = join(root, folder, name);
  mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(path, '#!/bin/sh\ntouch "$0.was-run"\n');
  chmodSync(path, mode);
  return path;
}
const search = (...folders: string[]) => ({ PATH: folders.map((folder) => join(root, folder)).join(':') });

describe('findProgram', () => {
  it('a program is found in the first folder that has it as an executable file', () => {
    program('a', 'tool', 0o644);
    mkdirSync(join(root, 'b/tool'), { recursive: true });
    const expected = program('c', 'tool');
    program('d', 'tool');
    expect(findProgram('tool', search('missing', 'a', 'b', 'c', 'd'))).toBe(expected);
  });

  it('a link to a program is followed, and one to nothing passed over', () => {
    const real = program('real', 'tool');
    mkdirSync(join(root, 'links'));
    symlinkSync(real, join(root, 'links/tool'));
    symlinkSync(join(root, 'gone'), join(root, 'links/lost'));
    expect(findProgram('tool', search('links'))).toBe(join(root, 'links/tool'));
    expect(findProgram('lost', search('links'))).toBeUndefined();
  });

  it('an empty or relative entry of PATH finds nothing', () => {
    program('.', 'tool');
    const before = process.cwd();
    process.chdir(root);
    try {
      expect(findProgram('tool', { PATH: '::.:./:' })).toBeUndefined();
    } finally {
      process.chdir(before);
    }
  });

  it('nothing is found by a name that leads elsewhere or a PATH that is no list of folders', () => {
    const path = program('a', 'tool');
    expect(findProgram('../a/tool', search('a'))).toBeUndefined();
    expect(findProgram('', search('a'))).toBeUndefined();
    expect(findProgram('to\0ol', search('a'))).toBeUndefined();
    expect(findProgram('tool', {})).toBeUndefined();
    expect(findProgram('tool', { PATH: path })).toBeUndefined();
  });

  it('an absolute path is checked as it stands', () => {
    expect(findProgram(program('a', 'tool'), {})).toBe(join(root, 'a/tool'));
    expect(findProgram(program('a', 'text', 0o644), {})).toBeUndefined();
  });
});

describe('requireProgram', () => {
  it('a missing program is refused with its name and what to install', () => {
    const missing = () => requireProgram('qemu-img', search('a'));
    expect(missing).toThrow(ToolchainError);
    expect(missing).toThrow(
      expect.objectContaining({
        code: 'program-missing',
        kind: 'tool-missing',
        fix: expect.stringContaining('qemu-utils'),
      }),
    );
  });
});
