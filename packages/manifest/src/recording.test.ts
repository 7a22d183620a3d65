// SPDX-License-Identifier: Apache-2.0
import { withStableFile } from '@latticra/held-files';
import { describe, expect, it } from 'vitest';
import { testFolder } from '../test/folder.js';
import { localBuildEnvironment, recordingOf } from './index.js';

const folder = testFolder();
const shown: [label: string, bytes: number][] = [];
const progress = {
  track<T>(label: string, work: (advance: (bytes: number) => void) => Promise<T>): Promise<T> {
    return work((bytes) => shown.push([label, bytes]));
  },
};
const flags = {
  'source-commit': undefined,
  'build-environment': undefined,
  'operator-recovery-path': 'none',
  'relative-to': undefined,
};
const recording = (given: Partial<Record<keyof typeof flags, string>> = {}) =>
  recordingOf({ flags: { ...flags, ...given }, cwd: folder.path, env: { PATH: '' }, progress });

describe('recordingOf', () => {
  it('the recording of a lane without flags has the defaults of this machine', async () => {
    expect((await recording()).common).toEqual({
      sourceCommit: 'unknown',
      buildEnvironment: localBuildEnvironment(),
      operatorRecoveryPath: 'none',
      relativeTo: undefined,
    });
  });

  it('the flags of a lane come before any default', async () => {
    const given = { 'source-commit': 'abc', 'build-environment': 'ci', 'relative-to': 'out' };
    expect((await recording({ ...given, 'operator-recovery-path': 'runbook.md' })).common).toEqual({
      sourceCommit: 'abc',
      buildEnvironment: 'ci',
      operatorRecoveryPath: 'runbook.md',
      relativeTo: 'out',
    });
  });

  it('a file is measured under the progress of the lane, by its path', async () => {
    const path = folder.write('kernel', 'kernel');
    const { options } = await recording();
    expect(await withStableFile(path, (file) => options.measure(file))).toMatchObject({ size: 6 });
    expect(shown).toEqual([[`measuring ${path}`, 6]]);
  });
});
