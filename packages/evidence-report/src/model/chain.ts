// SPDX-License-Identifier: Apache-2.0
import { type DocumentFile, type EvidenceFile, type ImageForm, isDocument } from '../read/content.js';
import { lineOf, linesOf } from '../read/document.js';
import { EVALUATION, LINUX_VALIDATION, MANIFEST, SEED_BUILD, SEED_VM_BUILD } from '../read/titles.js';
import { type Artifact, agrees } from './images.js';
import type { BundleView, Chain, ChainEdge, ChainNode, State } from './model.js';
import type { Release } from './release.js';
import type { Subject } from './statements.js';
import { shortBytes } from './words.js';

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

/** The drawing under way: boxes and lines, each line once. */
class Drawing {
  readonly nodes: ChainNode[] = [];
  readonly edges: ChainEdge[] = [];

  node(node: ChainNode): void {
    this.nodes.push(node);
  }

  edge(from: string, to: string, state: ChainEdge['state'], says: string): void {
    const known = this.edges.findIndex((edge) => edge.from === from && edge.to === to);
    if (known < 0) this.edges.push({ from, to, state, says });
    else if (state === 'differs') this.edges[known] = { from, to, state, says };
  }
}

/**
 * Draws which bytes come from which: a box for each thing that has a digest, and a line where a document names the digest of another, or
 * another digest than it has. Where a document names none the line is there, and unchecked.
 */
export function drawChain(release: Release): Chain {
  const drawing = new Drawing();
  drawInputs(release, drawing);
  drawBuilds(release, drawing);
  drawImages(release, drawing);
  drawEvidence(release, drawing);
  drawDecision(release, drawing);
  return withStates(drawing);
}

function drawInputs({ commit, inputs }: Release, drawing: Drawing): void {
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

function artifactNode(id: string, column: number, name: string, artifact: Artifact, to: string): ChainNode {
  const { file, sha256, statements } = artifact;
  // A digest that only one document knows of has been compared with nothing.
  const state: State = file !== undefined || statements.length > 1 ? 'good' : 'unknown';
  const note = file === undefined ? 'not in this folder' : '';
  return {
    id,
    column,
    state,
    name: file === undefined ? name : `${name}, ${shortBytes(file.size)}`,
    note,
    sha256,
    to,
  };
}

const buildId = (index: number) => `build-${index}`;

function drawBuilds({ builds, inputs, commit }: Release, drawing: Drawing): void {
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

function compared(artifact: Artifact, isSame: boolean, path: string): [ChainEdge['state'], string] {
  if (!isSame) return ['differs', `${path} names another digest`];
  if (artifact.file === undefined && artifact.statements.length < 2)
    return ['unchecked', `only ${path} names it, and it is not in this folder`];
  return ['same', `${path} names its digest`];
}

function drawImages({ images, builds }: Release, drawing: Drawing): void {
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

function drawEvidence(release: Release, drawing: Drawing): void {
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

function drawDecision(release: Release, drawing: Drawing): void {
  const { bundles, board, files, manifests, sboms, boots, witnesses } = release;
  /** What of column 3 a document of the last column can name, by its digests. */
  const parts = [
    { id: 'manifest', name: manifests[0]?.name, digests: manifests.slice(0, 1).map(({ sha256 }) => sha256) },
    {
      id: 'sbom',
      name: sboms[0]?.source.path.split('/').at(-1),
      digests: sboms.slice(0, 1).map(({ source }) => source.sha256),
    },
    ...[...release.images].map(([form, artifact]) => ({
      id: `boots-${form}`,
      name: undefined,
      digests: boots
        .filter(({ imageSha256 }) => imageSha256 === artifact.sha256)
        .map(({ source }) => source.sha256),
    })),
  ].filter(({ id }) => drawing.nodes.some((node) => node.id === id));
  bundles.forEach((bundle, index) => {
    const id = `bundle-${index}`;
    drawing.node({
      id,
      column: 4,
      state: bundle.state,
      name: 'Operator bundle',
      note: bundle.state === 'bad' ? 'a file differs' : '',
      sha256: bundle.source.sha256,
      to: 'bundle',
    });
    const inside = files.filter(
      ({ path }) =>
        bundle.source.path === 'operator-bundle-report.txt' || path.startsWith(folderOf(bundle.source.path)),
    );
    const list = release.sums.find(({ list }) => list.name === 'SHA256SUMS' && inside.includes(list))?.list;
    const entries = list?.content.kind === 'checksums' ? list.content.entries : [];
    const own = manifestIn(release, bundle);
    if (own !== undefined) drawing.edge('manifest', id, ...own);
    for (const part of parts) {
      if (part.id === 'manifest') continue;
      if (entries.some(({ hex }) => part.digests.includes(hex)))
        drawing.edge(part.id, id, 'same', `${list?.path} lists its digest`);
      else if (part.name !== undefined && entries.some(({ name }) => name === part.name))
        drawing.edge(part.id, id, 'differs', `${list?.path} lists another digest for ${part.name}`);
    }
  });
  const mentions = (file: EvidenceFile | undefined, id: string) => {
    if (file === undefined || !isDocument(file)) return;
    const digests = digestsIn(file);
    for (const part of parts)
      if (part.digests.some((digest) => digests.has(digest)))
        drawing.edge(part.id, id, 'same', `${file.path} names its digest`);
  };
  if (board !== undefined) {
    const all = board.held === board.total;
    drawing.node({
      id: 'promotion',
      column: 4,
      state: all ? 'good' : 'todo',
      name: 'Promotion',
      note: `${board.held} of ${board.total} fields`,
      to: 'board',
    });
    mentions(
      files.find((file) => isDocument(file, EVALUATION)),
      'promotion',
    );
  }
  const reviews = witnesses.filter(({ kind }) => kind === 'review');
  if (reviews.length > 0) {
    const state = reviews.some((review) => review.state === 'bad') ? 'bad' : 'unknown';
    drawing.node({
      id: 'reviews',
      column: 4,
      state,
      name: 'Reviews',
      note: `${reviews.length}, not verified here`,
      to: 'signed',
    });
    for (const { source } of reviews)
      mentions(
        files.find(({ path }) => path === source.path),
        'reviews',
      );
  }
}

/** Compares the manifest of a bundle, which names the images by their new names, with the release's: by what digests it names. */
function manifestIn(
  { manifests, images, statements }: Release,
  { source }: BundleView,
): [ChainEdge['state'], string] | undefined {
  const folder = folderOf(source.path);
  const inside = statements.filter(
    ({ by, path }) => isDocument(by, MANIFEST) && folderOf(by.path) === folder && path !== undefined,
  );
  const [first] = inside;
  if (first === undefined || manifests.length === 0) return undefined;
  const known = new Set([...images.values()].map(({ sha256 }) => sha256));
  return inside.every(({ sha256 }) => known.has(sha256))
    ? ['same', `${first.by.path} names the same images`]
    : ['differs', `${first.by.path} names other images`];
}

const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1);

/** Returns the digits of every digest that a document names, wherever in a value. */
export function digestsIn(file: DocumentFile): ReadonlySet<string> {
  return new Set(
    linesOf(file).flatMap(({ value }) =>
      [...value.matchAll(/sha256:([0-9a-f]{64})/g)].map(([, hex = '']) => hex),
    ),
  );
}

/** Gives a box that a broken line ends in the word for it. */
function withStates({ nodes, edges }: Drawing): Chain {
  return {
    nodes: nodes.map((node) =>
      edges.some(({ to, state }) => to === node.id && state === 'differs')
        ? { ...node, state: 'bad', note: 'differs' }
        : node,
    ),
    edges,
  };
}
