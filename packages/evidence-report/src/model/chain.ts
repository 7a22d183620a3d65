// SPDX-License-Identifier: Apache-2.0

import { drawBuilds, drawImages, drawInputs } from './chain-built.js';
import { drawDecision } from './chain-decision.js';
import { Drawing } from './chain-drawing.js';
import { drawEvidence } from './chain-evidence.js';
import type { Chain } from './model.js';
import type { Release } from './release.js';

/**
 * Draws which bytes come from which: a box for each thing that has a digest, and a line where a document names the digest of another, or
 * another digest than it has. Where a document names none the line is there, and unchecked.
 */
export function drawChain(release: Release): Chain {
  const drawing = new Drawing();
  drawInputs(release, drawing);
  drawBuilds(release, drawing);
  drawImages(release, drawing);
  drawEvidence(release, drawing);
  drawDecision(release, drawing);
  return withStates(drawing);
}

/** Gives a box that a broken line ends in the word for it. */
function withStates({ nodes, edges }: Drawing): Chain {
  return {
    nodes: nodes.map((node) =>
      edges.some(({ to, state }) => to === node.id && state === 'differs')
        ? { ...node, state: 'bad', note: 'differs' }
        : node,
    ),
    edges,
  };
}
