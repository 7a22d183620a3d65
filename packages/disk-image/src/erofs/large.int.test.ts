// SPDX-License-Identifier: Apache-2.0
/** Trees as large as there are. `FULL_SWEEP=1` takes a million files, the suite a sample of them. */
import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { itWith } from '../../../../tools/testing/tools.js';
import { fileSource } from '../layout/file.js';
import { readBytes } from '../layout/source.js';
import { entryOf, OPTIONS } from '../testing/erofs.js';
import { examine, inFolder } from '../testing/run.js';
import { checkErofs, ErofsTree, openErofs, planErofs, writeErofs } from './index.js';

const GIB = 2 ** 30;
const COUNT = process.env.FULL_SWEEP === '1' ? 1_000_000 : 30_000;
const ZEROS = new Uint8Array(1 << 20);

/** Writes the files of a tree, all of one content, as a sparse file, and calls `use` with its path. */
function withImage(
  entries: Iterable<{ readonly path: string; readonly size: number }>,
  use: (path: string) => void,
): void {
  inFolder((folder) => {
    const path = join(folder, 'image');
    const tree = new ErofsTree();
    for (const entry of entries) tree.add(entryOf(entry));
    const plan = planErofs(tree, OPTIONS);
    const fd = openSync(path, 'wx');
    let at = 0;
    const writer = writeErofs(plan, (blocks) => {
      if (Buffer.compare(blocks, ZEROS.subarray(0, blocks.length)) !== 0)
        writeSync(fd, blocks, 0, blocks.length, at);
      at += blocks.length;
    });
    for (const { path: name } of entries) {
      const size = writer.file(name);
      const marks = Buffer.from(name).subarray(0, size);
      writer.content(marks);
      writer.content({ hole: size - marks.length });
    }
    writer.end();
    ftruncateSync(fd, plan.size);
    closeSync(fd);
    use(path);
  });
}

describe('large file systems', () => {
  itWith(
    ['fsck.erofs'],
    'a file of 5 GiB is written and read, with another one behind it',
    () => {
      const entries = [
        { path: 'large', size: 5 * GIB + 1 },
        { path: 'last', size: 4 },
      ];
      withImage(entries, (path) => {
        expect(examine('fsck.erofs', path)).toEqual({ code: 0, said: '' });
        const fd = openSync(path, 'r');
        const source = fileSource(fd, fstatSync(fd).size);
        expect(checkErofs(source)).toMatchObject({ files: 2, bytes: 5 * GIB + 5 });
        const image = openErofs(source);
        const large = image.open(image.find('large'));
        expect(large.size).toBe(5 * GIB + 1);
        expect(Buffer.from(readBytes(large, 0, 6)).toString('latin1')).toBe('large\0');
        expect(readBytes(large, 5 * GIB - 2, 3)).toEqual(new Uint8Array(3));
        expect(Buffer.from(readBytes(image.open(image.find('last')), 0, 4)).toString()).toBe('last');
        closeSync(fd);
      });
    },
    300_000,
  );

  itWith(
    ['fsck.erofs'],
    `${COUNT} small files in one folder, or in a thousand, are written and read`,
    () => {
      for (const folders of [1, 1000]) {
        const entries = Array.from({ length: COUNT }, (_, index) => ({
          path: `folder-${index % folders}/file-number-${index}`,
          size: index % 200,
        }));
        withImage(entries, (path) => {
          expect(examine('fsck.erofs', path)).toEqual({ code: 0, said: '' });
          const fd = openSync(path, 'r');
          expect(checkErofs(fileSource(fd, fstatSync(fd).size))).toMatchObject({
            files: COUNT,
            folders: folders + 1,
          });
          closeSync(fd);
        });
      }
    },
    300_000,
  );
});
