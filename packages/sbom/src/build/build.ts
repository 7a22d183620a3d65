// SPDX-License-Identifier: Apache-2.0
import { UUID_NAMESPACE, uuidV5 } from '@latticra/disk-image/gpt';
import { checkSbom } from '../check/check.js';
import { SbomError } from '../error.js';
import type { SpdxDocument, SpdxRelationship } from '../spdx/document.js';
import { DOCUMENT_ID, NOASSERTION } from '../spdx/vocabulary.js';
import { spdxFile, spdxId, spdxPackage } from './element.js';
import { formatSbom } from './format.js';
import type { SbomInput } from './input.js';

/** Where SPDX 2.3 clause 6.5 lets documents have their namespace whose makers keep no web site for them. */
const NAMESPACE_ROOT = 'https://spdx.org/spdxdocs/';

/**
 * Builds an SPDX 2.3 document. Its namespace is a version 5 UUID over everything else in it, so another content
 * has another namespace, and the same content the same one on every machine.
 *
 * The result has passed {@link checkSbom}; an input that no conforming document can be made of (a doubled
 * identifier, an absolute file name, a purl of the wrong shape) throws {@link SbomError} `not-conforming`.
 */
export function buildSbom(input: SbomInput): SpdxDocument {
  const { packages } = input;
  const content: Omit<SpdxDocument, 'documentNamespace'> = {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: DOCUMENT_ID,
    name: input.name,
    creationInfo: { created: input.created, creators: [`Tool: ${input.tool.name}-${input.tool.version}`] },
    ...(input.comment !== undefined && { comment: input.comment }),
    packages: packages.map(spdxPackage),
    files: packages.flatMap(({ files = [] }) => files.map(spdxFile)),
    ...(input.licences !== undefined &&
      input.licences.length > 0 && {
        hasExtractedLicensingInfos: input.licences.map(({ id, name, text }) => ({
          licenseId: id,
          extractedText: text,
          name,
        })),
      }),
    relationships: relationships(input),
  };
  const uuid = uuidV5(UUID_NAMESPACE.url, NAMESPACE_ROOT + JSON.stringify(content)).toLowerCase();
  const { spdxVersion, dataLicense, SPDXID, name, ...rest } = content;
  const document: SpdxDocument = {
    spdxVersion,
    dataLicense,
    SPDXID,
    name,
    documentNamespace: `${NAMESPACE_ROOT}${name.replace(/[^A-Za-z0-9._-]+/g, '-')}-${uuid}`,
    ...rest,
  };
  // What others may be advised of, we do not write.
  const [finding] = checkSbom(formatSbom(document)).findings;
  if (finding !== undefined) {
    throw new SbomError(
      'not-conforming',
      `the SBOM would break SPDX 2.3 clause ${finding.clause}: ${finding.pointer} ${finding.message}`,
    );
  }
  return document;
}

function relationships({ describes, packages, relationships: stated = [] }: SbomInput): SpdxRelationship[] {
  return [
    ...describes.map((id) => relationship(DOCUMENT_ID, 'DESCRIBES', spdxId(id))),
    ...packages.flatMap(({ id, files = [] }) =>
      files.map((file) => relationship(spdxId(id), 'CONTAINS', spdxId(file.id))),
    ),
    ...stated.map(({ from, type, to, comment }) =>
      relationship(spdxId(from), type, to === undefined ? NOASSERTION : spdxId(to), comment),
    ),
  ];
}

function relationship(
  spdxElementId: string,
  relationshipType: SpdxRelationship['relationshipType'],
  relatedSpdxElement: string,
  comment?: string,
): SpdxRelationship {
  return { spdxElementId, relationshipType, relatedSpdxElement, ...(comment !== undefined && { comment }) };
}
