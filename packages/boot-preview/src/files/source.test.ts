// SPDX-License-Identifier: Apache-2.0
import { closeSync, openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { HeldFileError } from '@latticra/held-files';
import { expect, it } from 'vitest';
import { heldSource } from './source.js';

it('a read of a held file that the system refuses is told with its path', () => {
  // Of a folder the system refuses every read.
  const fd = openSync(tmpdir(), 'r');
  try {
    const source = heldSource({ path: 'boot/image.iso', fd, size: 512 });
    expect(() => source.readInto(new Uint8Array(1), 0)).toThrow(HeldFileError);
    expect(() => source.readInto(new Uint8Array(1), 0)).toThrow(
      expect.objectContaining({ code: 'unreadable', path: 'boot/image.iso' }),
    );
  } finally {
    closeSync(fd);
  }
});
