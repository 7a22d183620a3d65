// SPDX-License-Identifier: Apache-2.0
import { type EvidenceFile, type ImageForm, isDocument } from '../read/content.js';
import { LINUX_VALIDATION } from '../read/titles.js';
import { compared, type Drawing } from './chain-drawing.js';
import { type Artifact, agrees } from './images.js';
import type { Release } from './release.js';

/** Draws what was found of the images: boots, SBOM, validation and manifest. */
export function drawEvidence(release: Release, drawing: Drawing): void {
  const { images, manifests, sboms, boots, files } = release;
  for (const [form, artifact] of images) {
    const named = new Set(artifact.statements.map(({ by }) => by.path));
    const ours = boots.filter((boot) => named.has(boot.source.path));
    if (ours.length === 0) continue;
    const held = ours.filter(({ state }) => state === 'good' || state === 'refused').length;
    const id = `boots-${form}`;
    drawing.node({
      id,
      column: 3,
      state: held === ours.length ? 'good' : ours.some(({ state }) => state === 'bad') ? 'bad' : 'unknown',
      name: `${form === 'iso' ? 'ISO' : form} boots`,
      note: `${held} of ${ours.length} as expected`,
      to: 'boots',
    });
    for (const boot of ours) {
      const [state, says] = compared(artifact, boot.imageSha256 === artifact.sha256, boot.source.path);
      drawing.edge(`image-${form}`, id, state, says);
    }
  }
  const [sbom] = sboms;
  if (sbom !== undefined) {
    drawing.node({
      id: 'sbom',
      column: 3,
      state: sbom.state,
      name: 'SBOM',
      note: '',
      sha256: sbom.source.sha256,
      to: 'sbom',
    });
    for (const [form, artifact] of images) drawSbomEdge(release, drawing, form, artifact);
  }
  const validation = files.find((file) => isDocument(file, LINUX_VALIDATION));
  if (validation !== undefined)
    drawing.node({
      id: 'validation',
      column: 3,
      state: 'good',
      name: 'Taken apart',
      note: '',
      sha256: validation.sha256,
      to: 'built',
    });
  const [manifest] = manifests;
  if (manifest !== undefined)
    drawing.node({
      id: 'manifest',
      column: 3,
      state: 'good',
      name: 'Manifest',
      note: '',
      sha256: manifest.sha256,
      to: 'built',
    });
  for (const [form, artifact] of images) {
    for (const statement of artifact.statements) {
      const id =
        statement.by === validation
          ? 'validation'
          : manifests.some((each) => each === statement.by)
            ? 'manifest'
            : undefined;
      if (id === undefined) continue;
      const [state, says] = compared(artifact, agrees(artifact, statement), statement.by.path);
      drawing.edge(`image-${form}`, id, state, says);
    }
  }
}

function drawSbomEdge(
  { files, sboms }: Release,
  drawing: Drawing,
  form: ImageForm,
  artifact: Artifact,
): void {
  const paths = new Set(sboms.map(({ source }) => source.path));
  for (const file of files) if (paths.has(file.path)) drawListed(file, drawing, form, artifact);
}

function drawListed(file: EvidenceFile, drawing: Drawing, form: ImageForm, artifact: Artifact): void {
  if (file.content.kind !== 'sbom') return;
  const listed = file.content.check.document?.files ?? [];
  const sums = listed.map(({ fileName, checksums }) => ({
    name: fileName.slice(fileName.lastIndexOf('/') + 1),
    sha256: checksums.find(({ algorithm }) => algorithm === 'SHA256')?.checksumValue,
  }));
  if (sums.some(({ sha256 }) => sha256 === artifact.sha256))
    drawing.edge(`image-${form}`, 'sbom', 'same', `${file.path} lists its digest`);
  else if (sums.some(({ name }) => name === artifact.name))
    drawing.edge(`image-${form}`, 'sbom', 'differs', `${file.path} lists another digest for it`);
  else drawing.edge(`image-${form}`, 'sbom', 'unchecked', `${file.path} does not list it`);
}
