// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, writeFileSync } from 'node:fs';
import { type AnchoredFolder, type Identity, openAnchor } from '@latticra/held-files/anchor';
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

/** Returns a folder in which every name is seen to have this inode, and which tells what its files are held to. */
function folderOfInode(folder: AnchoredFolder, ino: bigint, onObserved: (observed?: Identity) => void) {
  const own: Partial<AnchoredFolder> = {
    lstat: (name) => Object.assign(folder.lstat(name) ?? {}, { ino }) as ReturnType<AnchoredFolder['lstat']>,
    openFile(name, observed) {
      onObserved(observed);
      return folder.openFile(name);
    },
  };
  return new Proxy(folder, {
    get(_, key) {
      const value: unknown = Reflect.get(own, key) ?? Reflect.get(folder, key, folder);
      return typeof value === 'function' ? value.bind(folder) : value;
    },
  });
}

describe('the inode of a file', () => {
  const project = testProject();

  it('a file is held to the inode that it was seen to have, also to one of 64 bits, which Node gives as negative', async () => {
    const root = openAnchor(project.path, { anchoring: 'procfs', label: '.' });
    const inodes = new Set<bigint | undefined>();
    try {
      const { entries, incomplete } = await walkScope({
        root: folderOfInode(root, -5n, (observed) => inodes.add(observed?.ino)),
        exclude: ({ isFolder }) => isFolder,
        deniedName: () => undefined,
        markers: [],
        startHelper: undefined,
        onBytes: () => undefined,
        onFiles: () => undefined,
        signal: new AbortController().signal,
      });
      expect(entries.length).toBeGreaterThan(0);
      expect(incomplete).toEqual([]);
      expect([...inodes]).toEqual([-5n]);
    } finally {
      root.close();
    }
  });
});
