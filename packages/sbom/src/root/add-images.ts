// SPDX-License-Identifier: Apache-2.0
import { UUID_NAMESPACE, uuidV5 } from '@latticra/disk-image/gpt';
import { spdxPackage } from '../build/element.js';
import { formatSbom } from '../build/format.js';
import { checkSbom } from '../check/check.js';
import { SbomError } from '../error.js';
import type { SpdxDocument, SpdxRelationship } from '../spdx/document.js';
import { DOCUMENT_ID } from '../spdx/vocabulary.js';
import { artifactPackage, type MeasuredArtifact } from './system-sbom.js';

/** A document that another tool made, and the images that hold what it describes. */
export interface AddedImages {
  /** The document as it was read; it has to have no error. */
  readonly text: string | Uint8Array;
  readonly images: readonly MeasuredArtifact[];
  readonly tool: { readonly name: string; readonly version: string };
}

/**
 * Lists images in a document of another tool, each as a package of one file with its digests, that contains what the
 * document describes. Nothing else in it changes but its namespace, which is another for another content (clause 6.5),
 * and its creators, which say who added something.
 * @throws SbomError `not-conforming` with the first error of the document
 */
export function addImages({ text, images, tool }: AddedImages): SpdxDocument {
  const { document, findings } = checkSbom(text);
  const [finding] = findings;
  if (document === undefined) {
    throw new SbomError(
      'not-conforming',
      `the document breaks SPDX 2.3 clause ${finding?.clause}: ${finding?.pointer} ${finding?.message}`,
      { fix: 'see all that is wrong with latticra-os-image-sbom-check' },
    );
  }
  const described = describedIn(document);
  const packages = images.map((image) => {
    const { id, ...rest } = artifactPackage(image);
    return spdxPackage({ ...rest, id: `${id}-${image.sha256.slice(0, 16)}` });
  });
  const relationships = packages.flatMap(({ SPDXID }): SpdxRelationship[] => [
    { spdxElementId: DOCUMENT_ID, relationshipType: 'DESCRIBES', relatedSpdxElement: SPDXID },
    ...described.map(
      (id): SpdxRelationship => ({
        spdxElementId: SPDXID,
        relationshipType: 'CONTAINS',
        relatedSpdxElement: id,
      }),
    ),
  ]);
  const joined: SpdxDocument = {
    ...document,
    creationInfo: {
      ...document.creationInfo,
      creators: [...document.creationInfo.creators, `Tool: ${tool.name}-${tool.version}`],
    },
    packages: [...(document.packages ?? []), ...packages],
    relationships: [...(document.relationships ?? []), ...relationships],
  };
  const uuid = uuidV5(UUID_NAMESPACE.url, JSON.stringify(joined)).toLowerCase();
  const result = { ...joined, documentNamespace: `${document.documentNamespace}-${uuid}` };
  const [problem] = checkSbom(formatSbom(result)).findings.filter(({ level }) => level === 'error');
  if (problem === undefined) return result;
  throw new SbomError(
    'not-conforming',
    `with the images in it the document breaks clause ${problem.clause}: ${problem.pointer} ${problem.message}`,
  );
}

/** Returns what the document says that it describes, without the files and packages that are in that. */
function describedIn({ documentDescribes = [], relationships = [] }: SpdxDocument): string[] {
  const stated = relationships.flatMap(({ spdxElementId, relationshipType, relatedSpdxElement }) =>
    relationshipType === 'DESCRIBES' &&
    spdxElementId === DOCUMENT_ID &&
    relatedSpdxElement.startsWith('SPDXRef-')
      ? [relatedSpdxElement]
      : [],
  );
  return [...new Set([...documentDescribes, ...stated])];
}
