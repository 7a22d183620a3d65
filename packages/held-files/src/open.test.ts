// SPDX-License-Identifier: Apache-2.0
import { closeSync, openSync, readSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { testFolder } from '../test/folder.js';
import { withStableFile } from './open.js';

const folder = testFolder();

it('a read that the system refuses is told with the file that is held, whoever reads', async () => {
  writeFileSync(folder.at('a'), 'content');
  const refused = withStableFile(folder.at('a'), () => {
    // A folder is what every system refuses to read.
    const fd = openSync(folder.path, 'r');
    try {
      readSync(fd, Buffer.alloc(1));
    } finally {
      closeSync(fd);
    }
  });
  await expect(refused).rejects.toMatchObject({
    name: 'HeldFileError',
    message: `${folder.at('a')}: is a folder (EISDIR)`,
  });
});

it('what goes wrong with another file while one is held stays what it is', async () => {
  writeFileSync(folder.at('a'), 'content');
  const refused = withStableFile(folder.at('a'), () => openSync(folder.at('b'), 'r'));
  await expect(refused).rejects.toMatchObject({ code: 'ENOENT', path: folder.at('b') });
});
