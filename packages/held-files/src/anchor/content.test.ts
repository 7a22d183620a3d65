// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FILE_CHANGES, settle } from '../../../../tools/testing/file-changes.js';
import { ANCHORINGS, anchoredFolder, failure } from '../../test/anchor.js';
import { type AnchoredFile, copyHeld, measureHeld } from './index.js';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe.each(ANCHORINGS)('the content of a file held by %s', (anchoring) => {
  const held = anchoredFolder(anchoring);

  const withFile = async (content: string | Uint8Array, use: (file: AnchoredFile) => Promise<void>) => {
    writeFileSync(held.at('a'), content);
    const file = held.root.openFile('a');
    try {
      await use(file);
    } finally {
      file.close();
    }
  };

  it('a held file is measured as what was written, with its head and progress', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (content) => {
        await withFile(content, async (file) => {
          let bytes = 0;
          const found = await measureHeld(file, { onBytes: (count) => (bytes += count) });
          expect(found).toMatchObject({ path: 'a', size: content.length, sha256: sha256(content) });
          expect(Buffer.from(found.head).equals(content)).toBe(true);
          expect(bytes).toBe(content.length);
        });
      }),
      { numRuns: 30 },
    );
  });

  it('what is measured is the file that is held, whatever has its name', async () => {
    await withFile('inside', async (file) => {
      writeFileSync(held.at('b'), 'OUTSIDE');
      renameSync(held.at('b'), held.at('a'));
      // Losing its name moved it: it is refused, and never read as the other.
      await expect(measureHeld(file)).rejects.toEqual(failure('changed', 'a: '));
      await expect(copyHeld(file, held.at('copy'))).rejects.toEqual(failure('changed', 'a: '));
      expect(existsSync(held.at('copy'))).toBe(false);
    });
  });

  it('a held file is copied, shared or byte by byte, and the copy is measured where it lies', async () => {
    const content = Buffer.concat([Buffer.alloc(300_000, 'x'), Buffer.alloc(300_000)]);
    await withFile(content, async (file) => {
      const clone = () => Promise.reject(new Error('not here'));
      for (const [name, options] of [
        ['shared', {}],
        ['read', { clone }],
      ] as const) {
        const copy = await copyHeld(file, held.at(name), options);
        expect(copy).toMatchObject({ path: held.at(name), sha256: sha256(content) });
        expect(readFileSync(held.at(name)).equals(content)).toBe(true);
      }
      await expect(copyHeld(file, held.at('read'))).rejects.toEqual(failure('exists', held.at('read')));
    });
  });

  it.each(FILE_CHANGES)(
    'a held file that is %s while it is measured or copied is refused',
    async (_, change) => {
      await withFile('x'.repeat(1000), async (file) => {
        settle();
        let isFirst = true;
        const onBytes = () => {
          if (isFirst) change(held.at('a'));
          isFirst = false;
        };
        await expect(measureHeld(file, { onBytes })).rejects.toEqual(failure('changed', 'a: '));
        await expect(measureHeld(file)).rejects.toEqual(failure('changed', 'a: '));
      });
    },
  );

  it('a held file is not measured or copied after it was closed', async () => {
    await withFile('x', async (file) => {
      file.close();
      await expect(measureHeld(file)).rejects.toThrow('used after it was closed');
      await expect(copyHeld(file, held.at('copy'))).rejects.toThrow('used after it was closed');
    });
  });
});
