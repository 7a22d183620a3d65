// SPDX-License-Identifier: Apache-2.0
import { appendFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FILE_CHANGES, settle } from '../../../../tools/testing/file-changes.js';
import { ANCHORINGS, anchoredFolder, failure } from '../../test/anchor.js';
import type { AnchoredFile } from './index.js';

const SIZE = 1000;

describe.each(ANCHORINGS)('a file held by %s', (anchoring) => {
  const held = anchoredFolder(anchoring);

  /** Holds a file while something is done with it. */
  const withFile = (use: (file: AnchoredFile) => void, content: string | Uint8Array = 'x'.repeat(SIZE)) => {
    writeFileSync(held.at('a'), content);
    const file = held.root.openFile('a');
    try {
      use(file);
    } finally {
      file.close();
    }
  };

  it('a held file reads as what was written, however small the buffer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 1, max: 301 }), (content, room) => {
        withFile((file) => {
          for (const _ of ['once', 'and again']) {
            const chunks: Buffer[] = [];
            file.read(new Uint8Array(room), (chunk) => chunks.push(Buffer.from(chunk)));
            expect(Buffer.concat(chunks).equals(content)).toBe(true);
            expect(chunks.every((chunk) => chunk.length > 0 && chunk.length <= room)).toBe(true);
          }
          expect(file.size).toBe(content.length);
          expect(file.bytes(content.length).equals(content)).toBe(true);
        }, content);
      }),
      { numRuns: 30 },
    );
  });

  it('a held file is read whole only up to the length that the caller is prepared for', () => {
    withFile((file) => {
      expect(() => file.bytes(SIZE - 1)).toThrow(failure('too-large', 'a: 1000 bytes, expected at most 999'));
    });
  });

  it('a file is opened only if it is what was seen earlier', () => {
    writeFileSync(held.at('a'), '');
    writeFileSync(held.at('b'), '');
    const seen = held.root.lstat('a');
    renameSync(held.at('b'), held.at('a'));
    expect(() => held.root.openFile('a', seen)).toThrow(failure('changed', 'a: was replaced'));
    rmSync(held.at('a'));
    expect(() => held.root.openFile('a', seen)).toThrow(failure('changed', '(ENOENT)'));
  });

  it.each(FILE_CHANGES)('a held file that is %s while it is read is refused as changed', (_, change) => {
    withFile((file) => {
      settle();
      let calls = 0;
      const read = () =>
        file.read(Buffer.alloc(SIZE / 4), () => {
          if (calls === 0) change(held.at('a'));
          calls += 1;
        });
      expect(read).toThrow(failure('changed', 'a: '));
      expect(() => file.assertUnchanged()).toThrow(failure('changed', 'a: '));
    });
  });

  it.each(FILE_CHANGES)('a held file that is %s before it is read is refused as changed', (_, change) => {
    withFile((file) => {
      settle();
      change(held.at('a'));
      expect(() => file.read(Buffer.alloc(2 * SIZE), () => undefined)).toThrow(failure('changed', 'a: '));
    });
  });

  it('a held file can be read in steps, each into another buffer', () => {
    withFile((file) => {
      const rooms = Array.from({ length: 4 }, () => new Uint8Array(new SharedArrayBuffer(SIZE / 4)));
      let next = 0;
      const chunks = [...file.chunks(() => rooms[next++] ?? Buffer.alloc(0))];
      expect(chunks.map(({ buffer }) => buffer)).toEqual(rooms.map(({ buffer }) => buffer));
      expect(Buffer.concat(chunks)).toEqual(file.bytes(SIZE));
    });
  });

  it('a held file that grows for ever is not read for ever', () => {
    withFile((file) => {
      const read = () => file.read(Buffer.alloc(100), (chunk) => appendFileSync(held.at('a'), chunk));
      expect(read).toThrow(failure('changed', 'has more than the 1000 bytes'));
    });
  });

  it('an error that the reader throws is passed on', () => {
    const stop = new RangeError('stop');
    withFile((file) => {
      expect(() =>
        file.read(Buffer.alloc(1), () => {
          throw stop;
        }),
      ).toThrow(stop);
    });
  });

  it('a held file is not used after it was closed', () => {
    withFile((file) => {
      file.close();
      file.close();
      const uses = [() => file.read(Buffer.alloc(1), () => undefined), () => file.assertUnchanged()];
      for (const use of uses) expect(use).toThrow('a: used after it was closed');
    });
  });
});
