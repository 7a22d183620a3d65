// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, writeFileSync } from 'node:fs';
import { openAnchor } from '@latticra/held-files/anchor';
import { describe, expect, it } from 'vitest';
import { testProject } from '../../test/project.js';
import { walkScope } from './walk.js';

class Started extends Error {}

describe('the second thread', () => {
  const project = testProject();

  /** Returns how many files were read when it was started; undefined where it was not. */
  const startOf = async (folders: number, filesOfEach: number) => {
    for (let folder = 0; folder < folders; folder++) {
      mkdirSync(project.at(`d${folder}`));
      for (let file = 0; file < filesOfEach; file++)
        writeFileSync(project.at(`d${folder}/f${file}`), `${file}`);
    }
    const root = openAnchor(project.path, { anchoring: 'procfs', label: '.' });
    let files = 0;
    try {
      await walkScope({
        root,
        exclude: () => false,
        deniedName: () => undefined,
        markers: [],
        startHelper: () => {
          throw new Started();
        },
        onBytes: () => undefined,
        onFiles: (count) => {
          files += count;
        },
        signal: new AbortController().signal,
      });
      return undefined;
    } catch (error) {
      if (error instanceof Started) return files;
      throw error;
    } finally {
      root.close();
    }
  };

  it('the second thread is started as soon as the first folders show that there is enough to read', async () => {
    expect(await startOf(20, 150)).toBeLessThan(600);
  });

  it('the second thread is not started for many folders that hold little', async () => {
    expect(await startOf(300, 2)).toBeUndefined();
  });
});
