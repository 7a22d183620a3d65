// SPDX-License-Identifier: Apache-2.0
import type { EvidenceFile, ImageForm } from '../read/content.js';
import { MANIFEST } from '../read/titles.js';
import { baseName, findNamed } from './find.js';
import type { Statement } from './statements.js';

/** An image or an input with all that is said of it. */
export interface Artifact {
  readonly name: string;
  /** The file itself, where it lies in the folder. */
  readonly file: EvidenceFile | undefined;
  /** What was measured where the file is here, else what the first document says. */
  readonly sha256: string;
  readonly statements: readonly Statement[];
  /** Other files of the same name and content type: copies, or not. */
  readonly copies: readonly EvidenceFile[];
}

/** Returns whether a statement names what the artifact is. */
export const agrees = (artifact: Artifact, statement: Statement) => artifact.sha256 === statement.sha256;

const FORMS: readonly ImageForm[] = ['iso', 'qcow2', 'raw'];

/** Gathers the images that documents name; where none names any, those that lie in the folder. */
export function gatherImages(
  files: readonly EvidenceFile[],
  statements: readonly Statement[],
): ReadonlyMap<ImageForm, Artifact> {
  const named = new Map<ImageForm, Artifact>();
  for (const form of FORMS) {
    const artifact = artifactOf(
      files,
      statements.filter(({ subject }) => subject === form),
      form,
    );
    if (artifact !== undefined) named.set(form, artifact);
  }
  // A report that does not say the format of a machine's disk: it is of the disk that it names, or of the only one there is.
  const disks = [...named].filter(([form]) => form !== 'iso');
  for (const statement of statements.filter(({ subject }) => subject === 'vm')) {
    const of =
      disks.find(([, { sha256 }]) => sha256 === statement.sha256) ??
      disks.find(([, { name }]) => statement.path !== undefined && name === baseName(statement.path)) ??
      disks[0];
    if (of === undefined) continue;
    const [form] = of;
    const known = named.get(form);
    if (known !== undefined) named.set(form, { ...known, statements: [...known.statements, statement] });
  }
  if (named.size > 0) return named;
  for (const file of files) {
    if (file.content.kind !== 'image' || named.has(file.content.form)) continue;
    named.set(file.content.form, artifact(file.name, file, file.sha256, [], files));
  }
  return named;
}

/** Makes one artifact of what is said of it; undefined where nothing is. The manifest's word comes first, then that of the first document. */
export function artifactOf(
  files: readonly EvidenceFile[],
  statements: readonly Statement[],
  form?: ImageForm,
): Artifact | undefined {
  const isManifest = ({ by }: Statement) =>
    by.content.kind === 'document' && by.content.document.title === MANIFEST ? 0 : 1;
  const [first] = [...statements].sort((one, other) => isManifest(one) - isManifest(other));
  if (first === undefined) return undefined;
  const withPath = first.path === undefined ? statements.find(({ path }) => path !== undefined) : first;
  const found = withPath && findNamed(files, withPath.path, withPath.by.folder);
  const file =
    form === undefined || (found?.content.kind === 'image' && found.content.form === form)
      ? found
      : undefined;
  const name = withPath?.path === undefined ? first.subject : baseName(withPath.path);
  return artifact(name, file, file?.sha256 ?? first.sha256, statements, files);
}

function artifact(
  name: string,
  file: EvidenceFile | undefined,
  sha256: string,
  statements: readonly Statement[],
  files: readonly EvidenceFile[],
): Artifact {
  const copies = files.filter(
    (other) => other !== file && other.name === name && other.content.kind === file?.content.kind,
  );
  return { name, file, sha256, statements, copies };
}
