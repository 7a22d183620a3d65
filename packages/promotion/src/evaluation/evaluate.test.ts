// SPDX-License-Identifier: Apache-2.0
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { formatDocument } from '@latticra/evidence-format';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  copyEvidence,
  evaluate,
  type Laid,
  layReview,
  optionsFor,
  removeEvidence,
} from '../../test/evidence.js';
import { evaluationDocument, FIELD_NAMES, promotionEvaluation } from '../index.js';

let laid: Laid;
beforeEach(async () => {
  laid = await copyEvidence();
});
afterEach(() => rmSync(laid.home, { recursive: true, force: true }));
afterAll(removeEvidence);

describe('evaluatePromotion', () => {
  it('all evidence of a Linux release satisfies every field but the one that asks for a review', async () => {
    const { said } = await evaluate(laid.home);
    expect(said.refused).toEqual([]);
    expect(said.unsatisfied).toEqual([
      expect.stringMatching(/^artifact_reproducibility_reviewed: latticra-os-image-review-record/),
    ]);
    expect(said.isReviewed).toBe(false);
  });

  it('an approving review by somebody else than the producer completes it', async () => {
    await layReview(laid, 'bob', 'bob@example.org');
    const { said } = await evaluate(laid.home, { reviewsDir: join(laid.home, 'reviews') });
    expect(said.refused).toEqual([]);
    expect(said.unsatisfied).toEqual([]);
    expect(said.isReviewed).toBe(true);
    expect(FIELD_NAMES).toHaveLength(20);
  });

  it('an evaluation has an answer however much is refused and not understood, and says how much more there is', async () => {
    const { found } = await evaluate(laid.home);
    const path = (index: number) => `${'\u4e00'.repeat(1500)}/${index}`;
    const many = Array.from({ length: 9000 }, (_, index) => index);
    const refused = many.map((index) => ({ path: path(index), reason: 'is no evidence' }));
    const content = { kind: 'unrecognized', what: 'data' } as const;
    const piece = { size: 1, sha256: 'a'.repeat(64), signature: undefined };
    const pieces = many.map((index) => ({ ...piece, path: path(index), content }));
    const evidence = { ...found.evidence, pieces };
    const document = evaluationDocument({ ...found, refused, evidence }, optionsFor(laid.home));
    const said = promotionEvaluation.parse(Buffer.from(formatDocument(document)));
    expect([said.refusedCount, said.unrecognizedCount]).toEqual([9000, 9000]);
    for (const list of [said.refused, said.unrecognized])
      expect(list.at(-1)).toBe(`and ${9000 - (list.length - 1)} more`);
    expect(said.fields.sbom_recorded.isSatisfied).toBe(true);
  });
});
