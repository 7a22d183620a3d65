// SPDX-License-Identifier: Apache-2.0

import { parseDocument } from '@latticra/evidence-format';
import { expect, it } from 'vitest';
import { documentText, sum } from '../../test/folder.js';
import type { Content, EvidenceFile } from '../read/content.js';
import { checkSums } from './sums.js';

const file = (
  path: string,
  text: string,
  content: Content = { kind: 'other', what: 'text' },
): EvidenceFile => ({
  path,
  folder: path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '',
  name: path.slice(path.lastIndexOf('/') + 1),
  size: text.length,
  sha256: sum(text),
  content,
});

it('a file that a list of checksums names, and a bundle has once elsewhere, is there by its digest', () => {
  const listing = documentText('LATTICRA OS IMAGE OPERATOR BUNDLE PROMOTION EVIDENCE', { lent_count: '1' });
  const lent = `${listing}\n[lent]\nlent_01=sha256:${sum('image')} 5 evidence/one/os.iso\n`;
  const list = file('promotion/evidence/one/SHA256SUMS', 'sums', {
    kind: 'checksums',
    entries: [{ hex: sum('image'), name: 'os.iso' }],
  });
  const image = file('os.iso', 'image');
  expect(checkSums([image, list], list)).toEqual({ same: 0, differs: [], absent: ['os.iso'] });
  const document = file('promotion/promotion-evidence.txt', lent, {
    kind: 'document',
    document: parseDocument(Buffer.from(lent)),
  });
  expect(checkSums([image, list, document], list)).toEqual({ same: 1, differs: [], absent: [] });
  expect(checkSums([file('os.iso', 'another'), list, document], list).absent).toEqual(['os.iso']);
});
