// SPDX-License-Identifier: Apache-2.0
/** An evaluation of ten thousand pieces, with `FULL_SWEEP=1`: what it takes is no matter of the suite. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NAMESPACES } from '@latticra/signature';
import { afterAll, beforeEach, expect, it } from 'vitest';
import {
  completeEvidence,
  evaluate,
  hostOf,
  type Laid,
  layBoot,
  layReview,
  removeEvidence,
} from '../../test/evidence.js';
import { KEYS, signFile } from '../../test/keys.js';
import { layTranscript } from '../../test/transcripts.js';

const COUNT = 10_000;

let scratch: string;
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'latticra-promotion-many-'));
  return () => rmSync(scratch, { recursive: true, force: true });
});
afterAll(removeEvidence);

/** Lays out a release with `count` further pieces: signed transcripts, boots and reviews, and texts that are nothing. */
async function layMany(whole: Laid, name: string, count: number): Promise<Laid> {
  const laid = { ...whole, home: join(scratch, name) };
  const evidence = join(laid.home, 'evidence');
  cpSync(join(whole.home, 'evidence'), evidence, { recursive: true });
  const iso = laid.record.iso ?? expect.fail();
  const image = { size: iso.size, sha256: iso.sha256 };
  const times = (share: number) => Array.from({ length: count * share }, (_, index) => index);
  for (const index of times(0.1)) {
    const path = layTranscript(evidence, `t${index}`, { kind: 'install', image, observed: `seen ${index}` });
    signFile(path, NAMESPACES.transcript, KEYS['alice@example.org']);
    // One machine in every one of them: all pairs are looked at.
    layBoot(join(evidence, `boots/b${index}`), iso, 'machine-1', {
      host: hostOf('1', { cpuModel: `model ${index}` }),
    });
    await layReview(laid, `r${index}`, 'bob@example.org', {
      evidence: [iso.sha256],
      reason: `seen ${index}`,
    });
  }
  mkdirSync(join(evidence, 'notes'), { recursive: true });
  for (const index of times(0.1)) writeFileSync(join(evidence, `notes/${index}`), `note ${index}`);
  return laid;
}

it.runIf(process.env.FULL_SWEEP === '1')(
  'an evaluation of as many pieces as there are takes as much time as they are many, and hardly more memory',
  async () => {
    const whole = await completeEvidence();
    const took = async (count: number) => {
      const laid = await layMany(whole, String(count), count);
      const began = performance.now();
      const { said } = await evaluate(laid.home, { reviewsDir: join(laid.home, 'reviews') });
      expect(said.count).toBeGreaterThan(0.7 * count);
      expect(said.fields.hardware_install_transcript_recorded.isSatisfied).toBe(false);
      return { ms: performance.now() - began, mib: process.resourceUsage().maxRSS / 1024 };
    };
    const [some, many] = [await took(COUNT / 10), await took(COUNT)];
    console.log(some, many);
    expect(many.ms / some.ms).toBeLessThan(20);
    expect(many.mib - some.mib).toBeLessThan(200);
  },
  300_000,
);
