// SPDX-License-Identifier: Apache-2.0
import type { ImageEntry } from '@latticra/disk-image/files';
import { quoteText } from '@latticra/evidence-format';
import { foldedName } from '@latticra/held-files/anchor';
import { ExtractError } from './error.js';
import { linkFault } from './link.js';

/** What an extraction does, in its order: folders before what is in them, links last. */
export interface ExtractPlan {
  readonly folders: readonly string[];
  readonly files: readonly ImageEntry[];
  readonly links: readonly { readonly path: string; readonly target: string }[];
  /** What is not made, with the reason. */
  readonly leftOut: readonly { readonly path: string; readonly reason: string }[];
}

/** What a plan is held to. */
export interface ExtractLimits {
  /** Bytes of all files. */
  readonly maxBytes: number;
  /** Whether the folder tells `A` from `a`. */
  readonly caseSensitive: boolean;
}

/** Bytes in one name, as Linux takes it. */
const MAX_NAME = 255;

/**
 * Plans which files an extraction makes, before it makes any.
 * @param entries each folder before what is in it
 * @throws ExtractError
 */
export function planExtraction(entries: Iterable<ImageEntry>, limits: ExtractLimits): ExtractPlan {
  const folders: string[] = [];
  const files: ImageEntry[] = [];
  const links: { path: string; target: string }[] = [];
  const leftOut: { path: string; reason: string }[] = [];
  const taken = new Map<string, string>();
  let bytes = 0;
  for (const entry of entries) {
    const { path, type, size, target, unread } = entry;
    assertName(path);
    claim(taken, path, limits.caseSensitive);
    if (type === 'folder') folders.push(path);
    else if (unread !== undefined)
      leftOut.push({ path, reason: `a file that is ${unread}, which is not read here` });
    else if (type === 'file') {
      bytes += size;
      if (bytes > limits.maxBytes) {
        throw new ExtractError(
          'too-large',
          `the files have more than ${limits.maxBytes} bytes, with ${quoteText(path)} among them`,
          {
            fix: 'allow more with --max-bytes, or name a folder of the image',
          },
        );
      }
      files.push(entry);
    } else if (type === 'symbolic-link' && target !== undefined) {
      const fault = linkFault(path, target);
      if (fault === undefined) links.push({ path, target });
      else leftOut.push({ path, reason: `a link to ${target}, which ${fault}` });
    } else leftOut.push({ path, reason: 'a device, pipe or something else that is no file' });
  }
  return { folders, files, links, leftOut };
}

/** Returns whether a name can be given to a command: as one line of text. */
const isTypable = (name: string) => name !== '' && !/[\0-\x1f\x7f\ufffd]/.test(name);

/** Refuses a path with a name that no folder may hold, or that would lead out of it. */
function assertName(path: string): void {
  for (const name of path.split('/')) {
    const why =
      name === '' || name === '.' || name === '..'
        ? 'is no name'
        : // A backslash is a name's on Linux and a separator on Windows; U+FFFD stands for bytes that are no text.
          /[\0-\x1f\x7f\\]/.test(name)
          ? 'has a control character or a backslash in it'
          : name.includes('\ufffd')
            ? 'is no UTF-8'
            : Buffer.byteLength(name) > MAX_NAME
              ? `has more than ${MAX_NAME} bytes`
              : undefined;
    if (why !== undefined) {
      throw new ExtractError(
        'unsafe-name',
        `${quoteText(path)} cannot be a file here: ${quoteText(name)} ${why}`,
        {
          fix: isTypable(name)
            ? 'print it with latticra disk-image cat, or name another part of the image'
            : 'name another part of the image, or mount it where it may be',
        },
      );
    }
  }
}

/** Takes a path for an entry; each may be taken once, and once in any case where the folder does not tell cases apart. */
function claim(taken: Map<string, string>, path: string, caseSensitive: boolean): void {
  const key = caseSensitive ? path : foldedName(path);
  const other = taken.get(key);
  if (other !== undefined) {
    throw new ExtractError(
      'same-name',
      `${quoteText(other)} and ${quoteText(path)} would be one file in the folder`,
      {
        fix: other === path ? 'the image has one name twice' : 'name a folder that tells A from a',
      },
    );
  }
  taken.set(key, path);
}
