// SPDX-License-Identifier: Apache-2.0
import { isCpe22, isCpe23 } from '../../spdx/cpe.js';
import { readPurl } from '../../spdx/purl.js';
import { CATEGORY_SPELLINGS } from '../../spdx/vocabulary.js';
import type { Elements } from '../model/elements.js';
import { quote, type Report } from '../model/finding.js';
import type { JsonNode } from '../model/node.js';

interface ReferenceType {
  readonly category: string;
  readonly holds: (locator: string) => boolean;
  readonly expected: string;
}

const of = (
  category: string,
  form: RegExp | ((locator: string) => boolean),
  expected: string,
): ReferenceType => ({
  category,
  holds: form instanceof RegExp ? (locator) => form.test(locator) : form,
  expected,
});
const URI = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s]+$/;

/** The types of annex F, each in its category and with the form of its locators. */
const TYPES: Readonly<Record<string, ReferenceType>> = {
  cpe22Type: of('SECURITY', isCpe22, 'cpe:/part:vendor:product:…'),
  cpe23Type: of('SECURITY', isCpe23, 'cpe:2.3: and eleven parts'),
  advisory: of('SECURITY', URI, 'a URI'),
  fix: of('SECURITY', URI, 'a URI'),
  url: of('SECURITY', URI, 'a URI'),
  swid: of('SECURITY', /^swid:[^\s]+$/, 'swid: and a tag'),
  'maven-central': of('PACKAGE-MANAGER', /^[^\s:]+:[^\s:]+(?::[^\s:]+)?$/, 'group:artifact:version'),
  npm: of('PACKAGE-MANAGER', /^@?[^\s@]+@[^\s@]+$/, 'package@version'),
  nuget: of('PACKAGE-MANAGER', /^[^\s/]+\/[^\s/]+$/, 'package/version'),
  bower: of('PACKAGE-MANAGER', /^[^\s#]+#[^\s#]+$/, 'package#version'),
  purl: of(
    'PACKAGE-MANAGER',
    (locator) => readPurl(locator).problem === undefined,
    'pkg:type/namespace/name@version?qualifiers#subpath',
  ),
  swh: of(
    'PERSISTENT-ID',
    /^swh:1:(?:cnt|dir|rel|rev|snp):[0-9a-f]{40}$/,
    'swh:1:, a kind, and 40 lower-case hexadecimal digits',
  ),
  gitoid: of(
    'PERSISTENT-ID',
    /^gitoid:(?:blob|tree|commit|tag):(?:sha1:[0-9a-f]{40}|sha256:[0-9a-f]{64})$/,
    'gitoid:, a kind, sha1 or sha256, and its lower-case hexadecimal digits',
  ),
};
/** Where a type is written out as a URI. */
const TYPE_ROOT = 'http://spdx.org/rdf/references/';

/**
 * Checks the external references of packages (7.21): a locator has the form of its type, and the type is in its
 * category.
 */
export function checkReferences({ packages }: Elements, report: Report): void {
  for (const item of packages) {
    if (!item.has('externalRefs')) continue;
    for (const reference of item.member('externalRefs').items) checkReference(reference, report);
  }
}

function checkReference(reference: JsonNode, report: Report): void {
  const category = reference.member('referenceCategory');
  const type = reference.member('referenceType');
  const locator = reference.member('referenceLocator');
  if (!category.text || !type.text || !locator.text) return;
  const usual = Object.hasOwn(CATEGORY_SPELLINGS, category.text)
    ? CATEGORY_SPELLINGS[category.text]
    : undefined;
  if (usual !== undefined) report('7.21', category, `is ${quote(category.text)}, better ${usual}`, 'advice');
  const name = type.text.startsWith(TYPE_ROOT) ? type.text.slice(TYPE_ROOT.length) : type.text;
  const known = Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
  if (known === undefined) {
    if (/\s/.test(locator.text)) report('7.21', locator, `is ${quote(locator.text)}, expected no spaces`);
    if (category.text !== 'OTHER') {
      report('7.21', type, `is ${quote(type.text)}, which annex F does not list, better in OTHER`, 'advice');
    }
    return;
  }
  if ((usual ?? category.text) !== known.category) {
    report('7.21', category, `is ${quote(category.text)}, expected ${known.category} for ${name}`);
  }
  if (!known.holds(locator.text)) {
    report('7.21', locator, `is ${quote(locator.text)}, expected ${known.expected}`);
  } else if (name === 'purl') {
    for (const advice of readPurl(locator.text).advice) {
      report('7.21', locator, `is ${quote(locator.text)}, better ${advice}`, 'advice');
    }
  }
}
