// SPDX-License-Identifier: Apache-2.0
import { buildSbom } from '../build/build.js';
import type { SpdxDocument } from '../spdx/document.js';
import { artifactPackage, type SystemSbomInput } from './system-sbom.js';

/** What an SBOM is made from where nobody knows what system is in the images. */
export type ImagesSbomInput = Omit<SystemSbomInput, 'system'>;

const RELEASE = 'Package-latticra-os-image';
const NOT_KNOWN =
  'the packages of the system in these images are not known: its root file system was not at hand, and nothing was looked for';

/**
 * Makes the SPDX 2.3 document of images alone: each a package of one file with its digest, and the statement that what is in them
 * is not known. It claims no package to be there, and none to be absent.
 * @throws SbomError `not-conforming` as {@link buildSbom}
 */
export function imagesSbom({
  artifacts,
  artifactVersion,
  sourceCommit,
  created,
  tool,
}: ImagesSbomInput): SpdxDocument {
  const files = artifacts.map(artifactPackage);
  return buildSbom({
    name: `latticra-os-image-${artifactVersion}`,
    created,
    tool,
    comment: NOT_KNOWN,
    describes: [RELEASE],
    packages: [
      {
        id: RELEASE,
        name: 'latticra-os-image',
        version: artifactVersion,
        purpose: 'OTHER',
        licenceComment: `no licence is known: ${NOT_KNOWN}`,
        purl: `pkg:generic/latticra-os-image@${encodeURIComponent(artifactVersion)}`,
        comment: `source commit, as declared: ${sourceCommit}`,
      },
      ...files,
    ],
    licences: [],
    relationships: [
      ...files.map(({ id }) => ({ from: RELEASE, type: 'CONTAINS', to: id }) as const),
      // Whatever else: what a reader that is a program looks at, as a person at the comment.
      { from: RELEASE, type: 'CONTAINS' },
    ],
  });
}
