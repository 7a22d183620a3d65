// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, expect } from 'vitest';
import { type AnchoredFolder, type Anchoring, openAnchor } from '../src/anchor/index.js';
import { testFolder } from './folder.js';

/** The anchorings that hold a folder, whatever is renamed on the way to it. */
export const HOLDING: readonly Anchoring[] = ['procfs', 'cwd'];
/** All anchorings. */
export const ANCHORINGS: readonly Anchoring[] = [...HOLDING, 'none'];

/** Matches a failure of this package, which says what to do about it where that is known. */
export const failure = (code: string, text = '') =>
  expect.objectContaining({ name: 'HeldFileError', code, message: expect.stringContaining(text) });

/**
 * Makes a folder `root`, held in each test, beside which other things can lie; afterwards it is checked that no
 * descriptor was left open and that the process is where it was.
 */
export function anchoredFolder(anchoring: Anchoring) {
  const folder = testFolder();
  let root: AnchoredFolder | undefined;
  let before = { descriptors: 0, cwd: '' };
  beforeEach(() => {
    before = state();
    root = openAnchor(folder.path, { anchoring, label: '.' });
  });
  afterEach(() => {
    root?.close();
    expect(state()).toEqual(before);
  });
  return {
    at: folder.at,
    get path() {
      return folder.path;
    },
    get root(): AnchoredFolder {
      if (root === undefined) throw new Error('only inside a test');
      return root;
    },
  };
}

function state() {
  return { descriptors: readdirSync('/proc/self/fd').length, cwd: process.cwd() };
}
