// SPDX-License-Identifier: Apache-2.0
import { constants, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { testFolder } from '../../test/folder.js';
import { openAnchorOn } from './open.js';
import { chooseAnchoring, type System, THIS_SYSTEM } from './system.js';

const PROCFS = 0x9fa0;
const TMPFS = 0x01021994;
const system = (changes: Partial<System>): System => ({
  ...THIS_SYSTEM,
  fileSystemType: () => PROCFS,
  ...changes,
});
const refusal = (text: string) =>
  expect.objectContaining({
    code: 'unsupported',
    kind: 'tool-missing',
    message: expect.stringContaining(text),
    fix: expect.any(String),
  });
const noProc = {
  fileSystemType: () => {
    throw Object.assign(new Error('gone'), { code: 'ENOENT' });
  },
};

describe('chooseAnchoring', () => {
  it('chooseAnchoring takes procfs where it is one, and the working directory elsewhere', () => {
    expect(chooseAnchoring('r', undefined, system({})).anchoring).toBe('procfs');
    expect(chooseAnchoring('r', 'cwd', system({})).anchoring).toBe('cwd');
    expect(chooseAnchoring('r', undefined, system({ fileSystemType: () => TMPFS })).anchoring).toBe('cwd');
    expect(chooseAnchoring('r', undefined, system(noProc)).anchoring).toBe('cwd');
  });

  it('chooseAnchoring holds nothing only where that is asked for, on any thread and without procfs', () => {
    for (const changes of [{}, noProc, { isMainThread: false, ...noProc }])
      expect(chooseAnchoring('r', 'none', system(changes)).anchoring).toBe('none');
  });

  it('chooseAnchoring does not take another way than the one that was asked for', () => {
    for (const changes of [noProc, { fileSystemType: () => TMPFS }]) {
      expect(() => chooseAnchoring('r', 'procfs', system(changes))).toThrow(refusal('not procfs'));
    }
  });

  it('chooseAnchoring needs the main thread for the working directory', () => {
    const worker = { isMainThread: false };
    expect(chooseAnchoring('r', undefined, system(worker)).anchoring).toBe('procfs');
    expect(() => chooseAnchoring('r', 'cwd', system(worker))).toThrow(refusal('main thread'));
    expect(() => chooseAnchoring('r', undefined, system({ ...worker, ...noProc }))).toThrow(refusal('main'));
  });

  it.each(['O_DIRECTORY', 'O_NOFOLLOW', 'O_NONBLOCK'] as const)(
    'chooseAnchoring needs a system that has %s',
    (flag) => {
      for (const value of [undefined, 0, '131072', Number.NaN]) {
        for (const wanted of [undefined, 'procfs', 'cwd', 'none'] as const) {
          const without = system({ constants: { ...constants, [flag]: value } });
          expect(() => chooseAnchoring('r', wanted, without)).toThrow(refusal('without following links'));
        }
      }
    },
  );

  it('chooseAnchoring gives no flags to open with that lack those that protect', () => {
    const { flags } = chooseAnchoring('r', undefined, system({}));
    const { O_NOFOLLOW, O_NONBLOCK, O_DIRECTORY, O_EXCL } = constants;
    for (const value of [flags.file, flags.folder, flags.create]) {
      expect(value & (O_NOFOLLOW | O_NONBLOCK)).toBe(O_NOFOLLOW | O_NONBLOCK);
    }
    expect(flags.folder & flags.root & O_DIRECTORY).toBe(O_DIRECTORY);
    expect(flags.create & O_EXCL).toBe(O_EXCL);
  });
});

describe('a system that has no way', () => {
  const folder = testFolder();

  it('nothing is opened on a system that has no way to hold a folder', () => {
    const before = readdirSync('/proc/self/fd').length;
    const windows = system({ constants: {}, ...noProc });
    expect(() => openAnchorOn(windows, folder.path, {})).toThrow(
      refusal(`${folder.path}: cannot be held safely`),
    );
    expect(readdirSync('/proc/self/fd')).toHaveLength(before);
  });
});
