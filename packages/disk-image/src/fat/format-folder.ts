// SPDX-License-Identifier: Apache-2.0
import { Structure } from '../layout/structure.js';
import { ATTRIBUTE, formatEntry, formatLongName } from './format-entry.js';
import { labelField } from './label.js';
import type { DosTime } from './time.js';
import type { Child, FileNode, FolderNode } from './tree.js';

/** What a folder's entries say besides names. */
export interface FolderContext {
  readonly time: DosTime;
  readonly firstClusters: ReadonlyMap<FileNode | FolderNode, number>;
  /** Undefined for the root. */
  readonly parent: FolderNode | undefined;
  readonly label: string | undefined;
}

function formatChild({ name, short, node }: Child, { time, firstClusters }: FolderContext): Structure[] {
  const isFile = node.kind === 'file';
  const entry = formatEntry(
    {
      field: short.field,
      attributes: isFile ? ATTRIBUTE.archive : ATTRIBUTE.folder,
      caseFlags: short.caseFlags,
      cluster: firstClusters.get(node) ?? 0,
      size: isFile ? node.content.size : 0,
    },
    time,
  );
  return short.needsLong ? [...formatLongName(name, short), entry] : [entry];
}

/** Makes what comes before the children: the label in the root, elsewhere the folder itself and its parent. */
function formatOwn(folder: FolderNode, { time, firstClusters, parent, label }: FolderContext): Structure[] {
  if (!parent) {
    return label === undefined
      ? []
      : [formatEntry({ field: labelField(label), attributes: ATTRIBUTE.label }, time)];
  }
  const dots = (field: string, cluster: number) =>
    formatEntry({ field: field.padEnd(11), attributes: ATTRIBUTE.folder, cluster }, time);
  // The root counts as cluster 0 here, wherever it lies.
  const parentCluster = parent.path === '' ? 0 : (firstClusters.get(parent) ?? 0);
  return [dots('.', firstClusters.get(folder) ?? 0), dots('..', parentCluster)];
}

/** Makes all entries of a folder, as its bytes. */
export function formatFolder(folder: FolderNode, context: FolderContext): Structure {
  return Structure.join([
    ...formatOwn(folder, context),
    ...folder.children.flatMap((child) => formatChild(child, context)),
  ]);
}
