// SPDX-License-Identifier: Apache-2.0
import { DOCUMENT_ID } from '../../spdx/vocabulary.js';
import type { JsonNode } from './node.js';

/** One relation of the document, whichever way it was written down. */
export interface Relation {
  readonly from: string;
  readonly type: string;
  readonly to: string;
  /** Where the document says so. */
  readonly place: JsonNode;
}

/** A document's elements, gathered once for all rules. */
export interface Elements {
  readonly root: JsonNode;
  readonly packages: readonly JsonNode[];
  readonly files: readonly JsonNode[];
  readonly snippets: readonly JsonNode[];
  /** Every relationship, and `documentDescribes` and `hasFiles`, which are older ways to write two of them. */
  readonly relations: readonly Relation[];
  /** The files of each package by the package's SPDXID, each file once. */
  readonly contained: ReadonlyMap<string, ReadonlySet<JsonNode>>;
}

/** Gathers the elements of a document; what has the wrong type is left out, since the shape check reports it. */
export function gatherElements(root: JsonNode): Elements {
  const packages = root.member('packages').items;
  const files = root.member('files').items;
  const relations = [
    ...root.member('relationships').items.flatMap((place): Relation[] => {
      const from = place.member('spdxElementId').text;
      const type = place.member('relationshipType').text;
      const to = place.member('relatedSpdxElement').text;
      return from === undefined || type === undefined || to === undefined ? [] : [{ from, type, to, place }];
    }),
    ...listed(root.member('documentDescribes'), DOCUMENT_ID, 'DESCRIBES'),
    ...packages.flatMap((item) =>
      listed(item.member('hasFiles'), item.member('SPDXID').text ?? '', 'CONTAINS'),
    ),
  ];
  return {
    root,
    packages,
    files,
    snippets: root.member('snippets').items,
    relations,
    contained: containedFiles(files, relations),
  };
}

/** Lists the relations that a plain list of identifiers stands for. */
function listed(list: JsonNode, from: string, type: string): Relation[] {
  return list.items.flatMap((place) =>
    place.text === undefined ? [] : [{ from, type, to: place.text, place }],
  );
}

function containedFiles(
  files: readonly JsonNode[],
  relations: readonly Relation[],
): Map<string, Set<JsonNode>> {
  const byId = new Map(files.map((file) => [file.member('SPDXID').text, file]));
  const contained = new Map<string, Set<JsonNode>>();
  for (const { from, type, to } of relations) {
    const [container, content] = type === 'CONTAINS' ? [from, to] : type === 'CONTAINED_BY' ? [to, from] : [];
    const file = byId.get(content);
    if (container === undefined || file === undefined) continue;
    contained.set(container, (contained.get(container) ?? new Set()).add(file));
  }
  return contained;
}
