// SPDX-License-Identifier: Apache-2.0
import type { ImageEntry, ImageFiles } from '@latticra/disk-image/files';
import { escapeControls } from '@latticra/evidence-format';
import { defineLane } from '@latticra/lane';
import { version } from '../package.json';
import { IMAGE_FLAGS } from './flags.js';
import { withFiles } from './with-files.js';

/** Lists what is in an image. */
export const lsLane = defineLane({
  bin: 'latticra-disk-image ls',
  version,
  summary: 'list the files of an image',
  details: `
Prints a line for each entry: d for a folder, - for a file, l for a link, o for anything else; its size in bytes; its path, and
behind -> what a link says. What cannot be printed in a name is shown as \\u{…}; --json has names as they are. The path in the
image may stand behind the image, without its flag.`,
  examples: ['disk.qcow2', 'debian.iso boot/grub --recursive', 'disk.raw --partition 1 --json'],
  flags: {
    ...IMAGE_FLAGS,
    path: {
      value: 'text',
      placeholder: 'path',
      operand: true,
      default: '/',
      help: 'the folder to list, or a file',
    },
    recursive: { value: 'none', help: 'list everything below as well' },
  },
  run: ({ flags, cwd }) =>
    withFiles(flags, cwd, (files) => {
      const entries = [...chosen(files, flags)].map(({ path, type, size, mode, target }) => ({
        path,
        type,
        size,
        mode: mode ?? null,
        target: target ?? null,
      }));
      const { format, within } = files;
      return {
        text: entries.map((entry) => `${lineOf(entry)}\n`).join(''),
        json: `${JSON.stringify({ format, within, entries })}\n`,
      };
    }),
});

function chosen(
  files: ImageFiles,
  { path, recursive }: { path: string; recursive: boolean },
): Iterable<ImageEntry> {
  const start = files.find(path);
  if (start.type !== 'folder') return [start];
  return recursive ? files.walk(start) : start.list();
}

const LETTERS = { folder: 'd', file: '-', 'symbolic-link': 'l', other: 'o' } as const;

function lineOf({
  path,
  type,
  size,
  target,
}: Pick<ImageEntry, 'path' | 'type' | 'size'> & { target: string | null }) {
  const link = target === null ? '' : ` -> ${escapeControls(target)}`;
  return `${LETTERS[type]} ${String(size).padStart(11)} ${escapeControls(path)}${link}`;
}
