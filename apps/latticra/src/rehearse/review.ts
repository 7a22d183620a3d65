// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { ensureFolder } from '@latticra/held-files';
import type { Tracker } from '@latticra/manifest';
import { recordReview, writeReview } from '@latticra/promotion';
import type { Parties } from './keys.js';
import { PROMOTION_FILE, type Rehearsal } from './rehearsal.js';

/** Approves the evidence that is there, as whoever holds the reviewer's key. */
export async function approve(
  { account, at, cwd, env, signal }: Rehearsal,
  { reviewer, areThrowAway }: Parties,
  tracker: Tracker,
): Promise<void> {
  const name = 'review';
  if (reviewer === undefined) {
    account.leaveOut(name, '--review-key was not given: nobody reviewed it');
    return;
  }
  await account.step(name, PROMOTION_FILE.review, async () => {
    const found = await recordReview({
      cwd,
      env,
      signal,
      tracker,
      artifactManifest: at(PROMOTION_FILE.manifest),
      evidence: [at(PROMOTION_FILE.evidence)],
      said: {
        reviewer: reviewer.principal,
        decision: 'approve',
        reason: areThrowAway ? 'a demonstration by a throw-away key: nobody looked at anything' : undefined,
        reviewedAt: `${new Date().toISOString().slice(0, 19)}Z`,
      },
    });
    const path = resolve(cwd, at(PROMOTION_FILE.review));
    await ensureFolder(at(PROMOTION_FILE.reviews));
    await writeReview(path, found, reviewer.path, { cwd, env, signal });
    return { value: undefined, result: `approves ${found.evidence.length} digests, by a second key` };
  });
}
