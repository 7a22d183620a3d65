// SPDX-License-Identifier: Apache-2.0
import { join, resolve } from 'node:path';
import { signStatement, takeAttestationKey, verificationStatement } from '@latticra/attestation';
import { writeFileAtomic } from '@latticra/held-files';
import { checkSourceTag, type Tracker } from '@latticra/manifest';
import { type Evaluation, evaluatePromotion, evaluationDocument, FIELD_NAMES } from '@latticra/promotion';
import { type LoadedSigners, loadSigners } from '@latticra/signature';
import { RehearsalError } from './error.js';
import type { Parties } from './keys.js';
import { PROMOTION_FILE, type Rehearsal } from './rehearsal.js';

/** What a rehearsal's evidence came to, and whose signatures counted. */
export interface Evaluated {
  readonly evaluation: Evaluation;
  readonly signers: LoadedSigners;
}

/** Derives every field of the promotion from the evidence, and keeps what was found; as an attestation too where those are made. */
export function evaluate(
  { account, at, save, cwd, env, signal }: Rehearsal,
  { builder }: Parties,
  tracker: Tracker,
  isAttested: boolean,
): Promise<Evaluated> {
  return account.step('evaluation', PROMOTION_FILE.evaluation, async () => {
    const signers = await loadSigners({
      allowedSigners: at(PROMOTION_FILE.allowedSigners),
      at: new Date(),
    });
    const options = {
      evidenceDir: resolve(cwd, at(PROMOTION_FILE.evidence)),
      reviewsDir: undefined,
      pins: undefined,
      pinsSha256: undefined,
      artifactManifest: undefined,
      policy: signers,
      allowedSignersSha256: signers.allowedList.sha256,
      revokedKeysSha256: undefined,
      at: signers.at,
      checkTag: (source: Parameters<typeof checkSourceTag>[0]) => checkSourceTag(source, cwd, env),
      env,
      tracker,
      signal,
    };
    const evaluation = await evaluatePromotion(options);
    await save(PROMOTION_FILE.evaluation, evaluationDocument(evaluation, options));
    const [refused] = evaluation.refused;
    if (refused !== undefined) {
      throw new RehearsalError(
        'not-held',
        `${refused.path}: ${refused.reason}`,
        `look into ${at(PROMOTION_FILE.evaluation)}`,
      );
    }
    const held = FIELD_NAMES.filter((field) => evaluation.outcomes[field].evidence !== undefined);
    if (isAttested) {
      const { iso, vmImage } = evaluation.subject ?? {};
      const subjects = [
        ...(iso === undefined ? [] : [{ name: 'iso', sha256: iso }]),
        ...(vmImage === undefined ? [] : [{ name: 'vm-image', sha256: vmImage }]),
      ];
      const statement = verificationStatement({
        subjects,
        verifierId: 'https://latticra.invalid/verifier/local',
        policies: [{ name: 'allowed-signers', sha256: signers.allowedList.sha256 }],
        timeCreated: `${signers.at.toISOString().slice(0, 19)}Z`,
        satisfied: held,
      });
      const envelope = await signStatement(statement, await takeAttestationKey(builder.path, env));
      await writeFileAtomic(at(join(PROMOTION_FILE.attestations, 'promotion.dsse.json')), envelope);
    }
    return {
      value: { evaluation, signers },
      result: `${held.length} of ${FIELD_NAMES.length} fields hold`,
    };
  });
}
