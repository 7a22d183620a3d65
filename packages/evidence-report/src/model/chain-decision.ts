// SPDX-License-Identifier: Apache-2.0
import { type DocumentFile, type EvidenceFile, isDocument } from '../read/content.js';
import { linesOf } from '../read/document.js';
import { EVALUATION, MANIFEST } from '../read/titles.js';
import type { Drawing } from './chain-drawing.js';
import type { BundleView, ChainEdge } from './model.js';
import type { Release } from './release.js';

/** Draws what is handed over and decided by: bundles, the promotion and reviews. */
export function drawDecision(release: Release, drawing: Drawing): void {
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
function digestsIn(file: DocumentFile): ReadonlySet<string> {
  return new Set(
    linesOf(file).flatMap(({ value }) =>
      [...value.matchAll(/sha256:([0-9a-f]{64})/g)].map(([, hex = '']) => hex),
    ),
  );
}
