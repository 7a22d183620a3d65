// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { defineLane } from '@latticra/lane';
import { version } from '../package.json';
import { IMAGE_FLAGS } from './flags.js';
import { piecesOf } from './pieces.js';
import { withFiles } from './with-files.js';

/** Prints a file of an image. */
export const catLane = defineLane({
  bin: 'latticra-disk-image cat',
  version,
  summary: 'print a file of an image, byte by byte as it is',
  details: `
Writes the content to stdout, whatever it holds. With --json its size and its SHA-256 are printed instead. Links are not followed.
An image that is changed meanwhile ends it with 65, though bytes were written by then.`,
  examples: [
    'disk.qcow2 loader/loader.conf',
    'debian.iso live/vmlinuz > vmlinuz',
    'root.erofs etc/os-release --json',
  ],
  flags: {
    ...IMAGE_FLAGS,
    path: { value: 'text', placeholder: 'path', required: true, operand: true, help: 'the file to print' },
  },
  run: ({ flags, cwd, signal, write }) =>
    withFiles(flags, cwd, async (files) => {
      const entry = files.find(flags.path);
      const content = entry.open();
      const hash = createHash('sha256');
      for await (const piece of piecesOf(content, signal)) {
        hash.update(piece);
        write(piece);
      }
      const { path, size } = entry;
      return { text: '', json: `${JSON.stringify({ path, size, sha256: hash.digest('hex') })}\n` };
    }),
});
