// SPDX-License-Identifier: Apache-2.0
import type { Artifact } from './images.js';
import type { ChainEdge, ChainNode, State } from './model.js';
import { shortBytes } from './words.js';

/** The drawing under way: boxes and lines, each line once. */
export class Drawing {
  readonly nodes: ChainNode[] = [];
  readonly edges: ChainEdge[] = [];

  node(node: ChainNode): void {
    this.nodes.push(node);
  }

  edge(from: string, to: string, state: ChainEdge['state'], says: string): void {
    const known = this.edges.findIndex((edge) => edge.from === from && edge.to === to);
    if (known < 0) this.edges.push({ from, to, state, says });
    else if (state === 'differs') this.edges[known] = { from, to, state, says };
  }
}

/** Makes the box of an artifact. */
export function artifactNode(
  id: string,
  column: number,
  name: string,
  artifact: Artifact,
  to: string,
): ChainNode {
  const { file, sha256, statements } = artifact;
  // A digest that only one document knows of has been compared with nothing.
  const state: State = file !== undefined || statements.length > 1 ? 'good' : 'unknown';
  const note = file === undefined ? 'not in this folder' : '';
  return {
    id,
    column,
    state,
    name: file === undefined ? name : `${name}, ${shortBytes(file.size)}`,
    note,
    sha256,
    to,
  };
}

/** Says whether a document that names an artifact names these bytes. */
export function compared(artifact: Artifact, isSame: boolean, path: string): [ChainEdge['state'], string] {
  if (!isSame) return ['differs', `${path} names another digest`];
  if (artifact.file === undefined && artifact.statements.length < 2)
    return ['unchecked', `only ${path} names it, and it is not in this folder`];
  return ['same', `${path} names its digest`];
}
