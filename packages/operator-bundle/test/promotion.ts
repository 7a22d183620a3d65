// SPDX-License-Identifier: Apache-2.0
/** A release with all the evidence of its promotion, laid out as a promotion folder. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatDocument } from '@latticra/evidence-format';
import { type EvaluateOptions, evaluatePromotion, evaluationDocument } from '@latticra/promotion';
import { loadSigners, NAMESPACES } from '@latticra/signature';
import { completeEvidence, layReview, optionsFor } from '../../promotion/test/evidence.js';
import { ALLOWED, AT, KEYS, signFile } from '../../promotion/test/keys.js';
import type { OperatorBundleRequest } from '../src/index.js';

/** Lays out a promotion folder at `<home>/promotion`, with its evaluation; `change` is done before that is derived. */
export async function layPromotion(home: string, change: (promotion: string) => void = () => undefined) {
  const laid = await completeEvidence();
  const promotion = join(home, 'promotion');
  mkdirSync(promotion, { recursive: true });
  cpSync(join(laid.home, 'evidence'), join(promotion, 'evidence'), { recursive: true });
  for (const name of ['latticra-x86_64.iso', 'latticra-x86_64.qcow2'])
    signFile(join(promotion, 'evidence/one', name), NAMESPACES.artifact, KEYS['builder@example.org']);
  await layReview({ ...laid, home: promotion }, 'bob', 'bob@example.org');
  writeFileSync(join(promotion, 'allowed_signers'), ALLOWED);
  change(promotion);
  await evaluateInto(promotion);
  return promotion;
}

/** Evaluates a promotion folder, as a person does, and keeps the answer in it. */
export async function evaluateInto(promotion: string, changes: Partial<EvaluateOptions> = {}): Promise<void> {
  const policy = await loadSigners({ allowedSigners: join(promotion, 'allowed_signers'), at: AT });
  const options = optionsFor(promotion, {
    reviewsDir: join(promotion, 'reviews'),
    policy,
    allowedSignersSha256: policy.allowedList.sha256,
    checkTag: async () => 'unknown',
    ...changes,
  });
  const document = evaluationDocument(await evaluatePromotion(options), options);
  writeFileSync(join(promotion, 'evaluation.txt'), formatDocument(document));
}

/** Makes a request for a bundle of that release, with what it was promoted by. */
export const promotedRequest = (outputDir = 'out'): OperatorBundleRequest => ({
  artifactManifestPath: 'promotion/evidence/one/manifest.txt',
  promotionDir: 'promotion',
  outputDir,
  manifestPath: 'release.toml',
  devices: { linux: '/dev/sdX', macos: '/dev/rdiskN' },
  firmware: { kind: 'seabios' },
  serialLog: 'reports/serial.log',
});

/** Returns what a file says. */
export const textIn = (...path: string[]) => readFileSync(join(...path), 'utf8');
