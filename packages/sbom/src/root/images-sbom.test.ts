// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { checkSbom, formatSbom, sbomLists } from '../index.js';
import { imagesSbom } from './index.js';

const sha256 = 'ab'.repeat(32);
const document = imagesSbom({
  artifacts: [
    { artifact: 'iso', name: 'demo.iso', size: 5, sha256 },
    { artifact: 'vm-image', name: 'demo.qcow2', size: 6, sha256: 'cd'.repeat(32), comment: 'qcow2' },
  ],
  artifactVersion: '12.1 beta',
  sourceCommit: 'unknown',
  created: '1970-01-01T00:00:00Z',
  tool: { name: 'test', version: '1' },
});

it('an SBOM of images alone obeys SPDX 2.3 without a finding, and lists each image by its digest', () => {
  const checked = checkSbom(formatSbom(document));
  expect([checked.findings, checked.omitted]).toEqual([[], 0]);
  expect([sbomLists(document, sha256), sbomLists(document, 'ef'.repeat(32))]).toEqual([true, false]);
});

it('an SBOM of images alone says that what is in them is not known, and lists no system', () => {
  expect(document.creationInfo.comment ?? document.comment).toMatch(/are not known/);
  expect(document.relationships?.map(({ relatedSpdxElement }) => relatedSpdxElement)).toContain(
    'NOASSERTION',
  );
  expect(document.packages?.map(({ name }) => name)).toEqual(['latticra-os-image', 'demo.iso', 'demo.qcow2']);
});
