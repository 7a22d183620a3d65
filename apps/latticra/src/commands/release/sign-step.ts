// SPDX-License-Identifier: Apache-2.0
import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { ensureFolder, readStableFile, writeFailure, writeFileAtomic } from '@latticra/held-files';
import { UNSIGNED_LOCAL } from '@latticra/manifest';
import {
  MAX_SIGNATURE_BYTES,
  NAMESPACES,
  parsePublicLine,
  parseSignature,
  takeSigningKey,
  unsignedLocal,
  verifySignature,
} from '@latticra/signature';
import { imageDigests, type ReleaseImage } from './images.js';
import { RELEASE_FILE, type Release } from './release.js';
import { digestOf } from './state.js';

/** The signature of an image, or the word for none, by the role of the image. */
export type Signatures = Readonly<Partial<Record<ReleaseImage['role'], string>>>;

const UNSIGNED_REASON = 'no signing key was named for this release';
const MAX_PUBLIC_LINE_BYTES = 64 * 1024;

/** Signs every image, or declares that it is handed over unsigned, and why. */
export async function signImages(release: Release): Promise<Signatures> {
  return release.request.signKey === undefined
    ? declareUnsigned(release)
    : sign(release, release.request.signKey.resolved);
}

async function sign({ run, images, cwd, env, signal, tell }: Release, key: string): Promise<Signatures> {
  const signer = await takeSigningKey(key, { cwd, env, signal, onStderr: tell });
  const fingerprint = signer.fingerprint ?? (await publicFingerprint(key));
  const nameFor = ({ named }: ReleaseImage) => `${RELEASE_FILE.signatures}/${basename(named.path)}.sig`;
  const value = Object.fromEntries(images.map((image) => [image.role, run.at(nameFor(image))]));
  return run.step({
    id: 'signatures',
    name: 'signatures',
    report: `${RELEASE_FILE.signatures}/`,
    inputs: {
      ...imageDigests(images),
      'the key': fingerprint === undefined ? undefined : digestOf(fingerprint),
      names: namesOf(images),
    },
    async work() {
      await ensureFolder(run.absoluteOf(RELEASE_FILE.signatures));
      for (const image of images) {
        const { named, measurement } = image;
        const armour = await signer.signMeasured(named.resolved, measurement.sha256, NAMESPACES.artifact);
        await remove(run.absoluteOf(declarationOf(image)));
        await writeFileAtomic(run.absoluteOf(nameFor(image)), armour);
      }
      const by = fingerprint === undefined ? '' : `, by ${fingerprint.slice(0, 20)}…`;
      return { value, result: `${images.length} made and verified${by}`, outputs: images.map(nameFor) };
    },
    async kept() {
      for (const image of images) {
        const { bytes } = await readStableFile(run.absoluteOf(nameFor(image)), {
          maxBytes: MAX_SIGNATURE_BYTES,
        });
        verifySignature(parseSignature(bytes), Buffer.from(image.measurement.sha256, 'hex'));
      }
      return value;
    },
  });
}

function declareUnsigned({ run, images, request }: Release): Promise<Signatures> {
  const reason = request.flags.reason ?? UNSIGNED_REASON;
  const value = Object.fromEntries(images.map(({ role }) => [role, UNSIGNED_LOCAL]));
  return run.step({
    id: 'signatures',
    name: 'signatures',
    report: `${RELEASE_FILE.signatures}/`,
    inputs: { ...imageDigests(images), 'the reason': digestOf(reason), names: namesOf(images) },
    async work() {
      await ensureFolder(run.absoluteOf(RELEASE_FILE.signatures));
      for (const image of images) {
        const artifactName = basename(image.named.path);
        const declared = unsignedLocal.format({ artifactName, sha256: image.measurement.sha256, reason });
        await remove(run.absoluteOf(RELEASE_FILE.signatures, `${artifactName}.sig`));
        await writeFileAtomic(run.absoluteOf(declarationOf(image)), declared);
      }
      return {
        value,
        result: `none, declared ${UNSIGNED_LOCAL} with the reason`,
        outputs: images.map(declarationOf),
      };
    },
    kept: async () => value,
  });
}

const namesOf = (images: readonly ReleaseImage[]) =>
  digestOf(JSON.stringify(images.map(({ named }) => basename(named.path))));

const declarationOf = ({ named }: ReleaseImage) =>
  `${RELEASE_FILE.signatures}/${basename(named.path)}.unsigned-local.txt`;

/** Removes what an earlier run left, and what this one contradicts. */
async function remove(path: string): Promise<void> {
  await rm(path, { force: true }).catch((error: unknown) => {
    throw writeFailure(path, error);
  });
}

/** Returns the fingerprint of a key that was named by its public half; undefined for one that only ssh-keygen can read. */
async function publicFingerprint(key: string): Promise<string | undefined> {
  if (!key.endsWith('.pub')) return undefined;
  const { bytes } = await readStableFile(key, { maxBytes: MAX_PUBLIC_LINE_BYTES });
  return parsePublicLine(Buffer.from(bytes).toString('utf8').trim()).fingerprint;
}
