// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import type { ImageEntry, ImageFiles } from '@latticra/disk-image/files';
import { escapeControls } from '@latticra/evidence-format';
import { defineLane } from '@latticra/lane';
import { version } from '../package.json';
import { type Extraction, extractInto } from './extract.js';
import { IMAGE_FLAGS } from './flags.js';
import { withFiles } from './with-files.js';

/** Extracts files of an image. */
export const extractLane = defineLane({
  bin: 'latticra-disk-image extract',
  version,
  summary: 'extract files of an image into a new folder',
  details: `
Extracts a file or a folder of the image, by default all of it, under the names that it has there. The folder has to be new or empty,
and appears when everything is in it. Nothing leaves it: a name that would, or two names that would be one file, end it with 65
before anything is written; links that are absolute or lead out, devices and pipes are left out and told. Files are the caller's
own; of their permissions only that a file is a program is kept.`,
  examples: ['debian.iso --into debian', 'disk.qcow2 EFI --partition 1 --into esp --json'],
  flags: {
    ...IMAGE_FLAGS,
    path: { value: 'text', placeholder: 'path', operand: true, default: '/', help: 'what to extract' },
    into: { value: 'path', placeholder: 'folder', required: true, help: 'a new or empty folder' },
    'max-bytes': {
      value: 'integer',
      min: 0,
      max: 999_999_999_999_999,
      default: 2 ** 36,
      help: 'content that is extracted at most (default: 64 GiB)',
    },
  },
  run: ({ flags, cwd, signal, progress }) =>
    withFiles(flags, cwd, async (files) => {
      let total: number | undefined;
      const extraction = await progress.track(
        `extracting ${flags.image}`,
        (onBytes) =>
          extractInto(resolve(cwd, flags.into), () => chosen(files, flags.path), {
            maxBytes: flags['max-bytes'],
            signal,
            onBytes,
            onTotal: (bytes) => {
              total = bytes;
            },
          }),
        () => total,
      );
      return { text: textOf(extraction, flags.into), json: `${JSON.stringify(extraction)}\n` };
    }),
});

/** Gives an entry and everything below it, with paths from the folder that it is in. */
function* chosen(files: ImageFiles, path: string): Generator<ImageEntry> {
  const start = files.find(path);
  const above = start.path.lastIndexOf('/') + 1;
  const moved = (entry: ImageEntry): ImageEntry => ({
    path: entry.path.slice(above),
    type: entry.type,
    size: entry.size,
    mode: entry.mode,
    target: entry.target,
    unread: entry.unread,
    open: entry.open,
    list: entry.list,
  });
  if (start.path !== '') yield moved(start);
  if (start.type !== 'folder') return;
  for (const entry of files.walk(start)) yield moved(entry);
}

function textOf({ files, folders, links, leftOut }: Extraction, into: string): string {
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const left = leftOut.map(
    ({ path, reason }) => `left out: ${escapeControls(path)}, ${escapeControls(reason)}\n`,
  );
  const made = `${files.length} files of ${bytes} bytes, ${folders.length} folders, ${links.length} links in ${into}\n`;
  return `${left.join('')}${made}`;
}
