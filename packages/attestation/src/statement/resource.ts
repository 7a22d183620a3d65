// SPDX-License-Identifier: Apache-2.0
import type { Shape } from '../json.js';
import { type DigestSet, readDigestSet } from './digest-set.js';

/** A file, a source or anything else that is named by what it is (in-toto attestation framework, resource_descriptor.md). */
export interface ResourceDescriptor {
  readonly name?: string;
  readonly uri?: string;
  readonly digest?: DigestSet;
}

/** Reads a descriptor, which has at least one of address, digest and content. @throws AttestationError `not-a-statement`, `bad-digest` */
export function readResource(shape: Shape): ResourceDescriptor {
  const [name, uri, digest] = [
    shape.optionalText('name'),
    shape.optionalText('uri'),
    shape.optionalShape('digest'),
  ];
  const content = shape.optionalText('content');
  if (uri === undefined && digest === undefined && content === undefined) {
    shape.bad('digest', 'an address, a digest or the content');
  }
  return {
    ...(name !== undefined && { name }),
    ...(uri !== undefined && { uri }),
    ...(digest !== undefined && { digest: readDigestSet(digest) }),
  };
}
