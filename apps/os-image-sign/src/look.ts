// SPDX-License-Identifier: Apache-2.0
import { readSync } from 'node:fs';
import { basename } from 'node:path';
import { MAX_DOCUMENT_BYTES, parseChecksums } from '@latticra/evidence-format';
import type { StableFile } from '@latticra/held-files';
import { LaneError } from '@latticra/lane';
import { inspectOpen } from '@latticra/manifest';

/** The name by which a list of checksums is known, of a release and of an operator bundle. */
const CHECKSUMS = 'SHA256SUMS';

/**
 * Looks into a file that is to be signed, and returns what it is, in a word. What signs other things, or says nothing, is
 * refused: it would hardly be what was meant.
 * @throws LaneError `usage` for a signature and for an empty file; EvidenceError for a SHA256SUMS that is no list of checksums
 */
export function lookAt(file: StableFile): string {
  const { kind } = inspectOpen(file);
  if (file.size === 0 || kind === 'signature') {
    const found = file.size === 0 ? 'an empty file' : 'a signature';
    throw new LaneError('usage', `${file.path}: found ${found}, expected what is to be signed`, {
      fix: 'name the artifact itself',
    });
  }
  if (basename(file.path) !== CHECKSUMS) return kind;
  parseChecksums(readText(file));
  return 'checksums';
}

function readText({ fd, path, size }: StableFile): string {
  if (size > MAX_DOCUMENT_BYTES) {
    throw new LaneError('usage', `${path}: ${size} bytes, expected a list of checksums`, {
      fix: 'give the file the name of what it is',
    });
  }
  const bytes = Buffer.alloc(size);
  // By its place: what the descriptor stands at is where ssh-keygen reads on.
  for (let at = 0; at < size; ) {
    const length = readSync(fd, bytes, at, size - at, at);
    if (length === 0) break;
    at += length;
  }
  return bytes.toString('utf8');
}
