// SPDX-License-Identifier: Apache-2.0
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { completeEvidence, evaluate, type Laid, layReview, removeEvidence } from '../../test/evidence.js';
import { FIELD_NAMES } from '../index.js';

let laid: Laid;
beforeEach(async () => {
  const whole = await completeEvidence();
  laid = { ...whole, home: mkdtempSync(join(tmpdir(), 'latticra-promotion-test-')) };
  cpSync(join(whole.home, 'evidence'), join(laid.home, 'evidence'), { recursive: true });
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
});
