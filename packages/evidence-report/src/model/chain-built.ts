// SPDX-License-Identifier: Apache-2.0
import type { ImageForm } from '../read/content.js';
import { lineOf } from '../read/document.js';
import { SEED_BUILD, SEED_VM_BUILD } from '../read/titles.js';
import { artifactNode, compared, type Drawing } from './chain-drawing.js';
import { agrees } from './images.js';
import type { Release } from './release.js';
import type { Subject } from './statements.js';

const FORM_NAMES: Readonly<Record<ImageForm, string>> = {
  iso: 'ISO',
  qcow2: 'qcow2',
  raw: 'Raw disk',
};
const INPUT_NAMES: Readonly<Partial<Record<Subject, string>>> = {
  code: 'Machine code',
  kernel: 'Kernel',
  initramfs: 'Initramfs',
  rootfs: 'Root',
};

/** Draws what the builds took. */
export function drawInputs({ commit, inputs }: Release, drawing: Drawing): void {
  if (commit !== undefined)
    drawing.node({
      id: 'commit',
      column: 0,
      state: 'good',
      name: 'Commit',
      note: commit.slice(0, 16),
      to: 'origin',
    });
  for (const [subject, artifact] of inputs) {
    const name = INPUT_NAMES[subject] ?? subject;
    drawing.node(artifactNode(`in-${subject}`, 0, name, artifact, 'built'));
  }
}

const buildId = (index: number) => `build-${index}`;

/** Draws the builds, and what each took. */
export function drawBuilds({ builds, inputs, commit }: Release, drawing: Drawing): void {
  builds.forEach((build, index) => {
    const id = buildId(index);
    const { title } = build.content.document;
    const name =
      title === SEED_BUILD ? 'Build of the seed' : title === SEED_VM_BUILD ? 'Build of the disk' : 'Build';
    drawing.node({ id, column: 1, state: 'good', name, note: '', sha256: build.sha256, to: 'built' });
    for (const [subject, artifact] of inputs) {
      // A build that makes a thing does not take it.
      if (subject === 'kernel' && title === SEED_BUILD) continue;
      for (const statement of artifact.statements) {
        if (statement.by !== build) continue;
        const [state, says] = compared(artifact, agrees(artifact, statement), build.path);
        drawing.edge(`in-${subject}`, id, state, says);
      }
    }
    if (commit === undefined) return;
    const named = lineOf(build, 'source_commit');
    if (named === undefined) drawing.edge('commit', id, 'unchecked', `${build.path} names no commit`);
    else if (named === commit) drawing.edge('commit', id, 'same', `${build.path} names it`);
    else drawing.edge('commit', id, 'differs', `${build.path} names ${named}`);
  });
}

/** Draws the images, and which build made each. */
export function drawImages({ images, builds }: Release, drawing: Drawing): void {
  for (const [form, artifact] of images) {
    drawing.node(artifactNode(`image-${form}`, 2, FORM_NAMES[form], artifact, 'built'));
    builds.forEach((build, index) => {
      for (const statement of artifact.statements) {
        if (statement.by !== build) continue;
        const [state, says] = compared(artifact, agrees(artifact, statement), build.path);
        drawing.edge(buildId(index), `image-${form}`, state, says);
      }
    });
  }
}
