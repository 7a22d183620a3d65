// SPDX-License-Identifier: Apache-2.0
/** The steps from what was built to an evaluation of it. */
import { join, resolve } from 'node:path';
import {
  AttestationError,
  signStatement,
  takeAttestationKey,
  verificationStatement,
} from '@latticra/attestation';
import { formatChecksumLine } from '@latticra/evidence-format';
import { ensureFolder, measureFile, writeFileAtomic } from '@latticra/held-files';
import { executeLane } from '@latticra/lane';
import { checkSourceTag } from '@latticra/manifest';
import {
  type Evaluation,
  evaluatePromotion,
  evaluationDocument,
  FIELD_NAMES,
  recordReview,
  writeReview,
} from '@latticra/promotion';
import { type LoadedSigners, loadSigners, NAMESPACES } from '@latticra/signature';
import { RehearsalError } from './error.js';
import { allowedLine, keyBeside, type Parties } from './keys.js';
import { PROMOTION_FILE, type Rehearsal } from './rehearsal.js';

/** What a rehearsal made that is signed and evaluated. Paths as they are named from the current folder. */
export interface Made {
  /** Records of builds: two of each image. */
  readonly buildRecords: readonly string[];
  /** The images of the first build, in one folder. */
  readonly images: readonly string[];
  /** The folder of the images, from that of the rehearsal; it takes the list of checksums. */
  readonly imageFolder: string;
}

const CHECKSUMS = 'SHA256SUMS';

/** Signs the records of builds, the images, and a list of their checksums. */
export function signAll({ account, at, cwd }: Rehearsal, made: Made, { builder }: Parties): Promise<void> {
  const sums = join(made.imageFolder, CHECKSUMS);
  return account.step('signatures', `${sums}.sig`, async () => {
    for (const record of made.buildRecords) await builder.signer.sign(resolve(cwd, record), NAMESPACES.build);
    const lines: string[] = [];
    for (const image of made.images) {
      await builder.signer.sign(resolve(cwd, image), NAMESPACES.artifact);
      const { sha256 } = await measureFile(resolve(cwd, image));
      lines.push(formatChecksumLine(sha256, image.slice(image.lastIndexOf('/') + 1)));
    }
    await writeFileAtomic(at(sums), lines.join(''));
    await builder.signer.sign(resolve(cwd, at(sums)), NAMESPACES.artifact);
    const { length } = made.buildRecords;
    return {
      value: undefined,
      result: `of ${length} build records, ${made.images.length} images, their checksums`,
    };
  });
}

/** Says what was verified in the words of in-toto. Where the key is none for that, it is left out. */
export async function attest(
  { account, at, cwd, env, signal }: Rehearsal,
  { buildRecords, images }: Made,
  { builder }: Parties,
  { sbom, isBooted }: { readonly sbom: string; readonly isBooted: boolean },
): Promise<boolean> {
  const name = 'attestations';
  try {
    await takeAttestationKey(builder.path, env);
  } catch (error) {
    if (!(error instanceof AttestationError)) throw error;
    account.leaveOut(name, error.message);
    return false;
  }
  const argv = [
    ...['--key', builder.path, '--output-dir', at(PROMOTION_FILE.attestations)],
    ...['--build-record', ...buildRecords],
    ...['--artifact', ...images],
    ...['--sbom', sbom],
    ...(isBooted ? ['--boot-records', at(PROMOTION_FILE.boots)] : []),
  ];
  await account.step(name, `${PROMOTION_FILE.attestations}/`, async () => {
    const { lane } = await import('@latticra/os-image-attest/lane');
    let said = '';
    const status = await executeLane(lane, {
      argv,
      env,
      cwd,
      signal,
      stdout: () => undefined,
      stderr: (text) => {
        said += text;
      },
      stderrIsTerminal: () => false,
    });
    if (status !== 0) {
      throw new RehearsalError('not-held', said.trim(), 'take away what it names, and rehearse again');
    }
    const kinds = ['provenance', 'SBOM', ...(isBooted ? ['boots'] : [])];
    return { value: undefined, result: `in-toto: ${kinds.join(', ')}` };
  });
  return true;
}

/** Writes whose signatures count, by the keys that signed. @throws RehearsalError where one key is of two people */
export async function writeAllowed(
  { at, cwd }: Rehearsal,
  { buildRecords: [record = ''] }: Made,
  parties: Parties,
  bootRecord: string | undefined,
): Promise<void> {
  const { builder, reviewer, machine } = parties;
  const key = await keyBeside(resolve(cwd, record));
  const lines = [allowedLine('builder', builder, key)];
  if (reviewer !== undefined) {
    const other = await keyBeside(at(PROMOTION_FILE.review));
    if (other.fingerprint === key.fingerprint) {
      throw new RehearsalError(
        'not-held',
        `the reviewer is who built: both keys are ${key.fingerprint}`,
        'give --review-key the key of a second person',
      );
    }
    lines.push(allowedLine('reviewer', reviewer, other));
  }
  if (machine !== undefined && bootRecord !== undefined)
    lines.push(allowedLine('machine', machine, await keyBeside(bootRecord)));
  await writeFileAtomic(at(PROMOTION_FILE.allowedSigners), lines.join(''));
}

/** Approves the evidence that is there, as whoever holds the reviewer's key. */
export async function approve(
  { account, at, cwd, env, signal }: Rehearsal,
  { reviewer, areThrowAway }: Parties,
  tracker: Parameters<typeof recordReview>[0]['tracker'],
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

/** What a rehearsal's evidence came to, and whose signatures counted. */
export interface Evaluated {
  readonly evaluation: Evaluation;
  readonly signers: LoadedSigners;
}

/** Derives every field of the promotion from the evidence, and keeps what was found; as an attestation too where those are made. */
export function evaluate(
  { account, at, save, cwd, env, signal }: Rehearsal,
  { builder }: Parties,
  tracker: Parameters<typeof recordReview>[0]['tracker'],
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
