// SPDX-License-Identifier: Apache-2.0
import { ErofsTree } from '@latticra/disk-image/erofs';
import type { TarMember, TarVisitor } from '@latticra/tar';
import { digestHeaders, digestMembers } from './digest.js';
import { addMember } from './entry.js';
import { FilePlaces } from './places.js';

/** What is known of a root after its archive went by once. */
export interface ScannedRoot {
  /** The tree, without contents. */
  readonly tree: ErofsTree;
  /** Of all that its members say, in lower-case hexadecimal. */
  readonly digest: string;
  /** Of all bytes of the archive that are no content, in lower-case hexadecimal. */
  readonly headerDigest: string;
  /** Where the contents of files stand in the archive. */
  readonly places: FilePlaces;
  /** Every file below a `lib/modules`. */
  readonly modulePaths: readonly string[];
  /** Of those that are another name of a file, the name whose content the archive has. */
  readonly sameFile: ReadonlyMap<string, string>;
  /** The lists of modules that depmod wrote, by path. */
  readonly moduleLists: ReadonlyMap<string, Uint8Array>;
}

/** A root that goes by for the first time. */
export interface RootScan extends Required<TarVisitor> {
  finish(): ScannedRoot;
}

const MODULES = /^(?:usr\/)?lib\/modules\//;
const LIST = /^(?:usr\/)?lib\/modules\/[^/]+\/modules\.(?:dep|builtin)$/;
/** Those of a kernel with every driver have less than one MiB. */
const MAX_LIST_BYTES = 16 << 20;

/** Starts to take down the tree of a root, and the lists of modules in it. */
export function scanRoot(): RootScan {
  const tree = new ErofsTree();
  const digest = digestMembers();
  const headers = digestHeaders();
  const places = new FilePlaces();
  const modulePaths: string[] = [];
  const sameFile = new Map<string, string>();
  const moduleLists = new Map<string, Uint8Array>();
  let list: { readonly bytes: Uint8Array; used: number } | undefined;
  return {
    onMember(member: TarMember) {
      list = undefined;
      addMember(tree, member);
      digest.add(member);
      const { path, type, size, storedSize, target = '' } = member;
      if (type === 'file') places.add(member);
      if ((type !== 'file' && type !== 'hard-link') || !MODULES.test(path)) return;
      modulePaths.push(path);
      if (type === 'hard-link') {
        const first = sameFile.get(target) ?? target;
        sameFile.set(path, first);
        const bytes = moduleLists.get(first);
        if (LIST.test(path) && bytes !== undefined) moduleLists.set(path, bytes);
        return;
      }
      if (!LIST.test(path) || size > MAX_LIST_BYTES || size !== storedSize) return;
      list = { bytes: new Uint8Array(size), used: 0 };
      moduleLists.set(path, list.bytes);
    },
    onContent(piece) {
      list?.bytes.set(piece, list.used);
      if (list !== undefined) list.used += piece.length;
    },
    wantsContent: () => list !== undefined,
    onHeader: (bytes) => headers.add(bytes),
    finish: () => ({
      tree,
      digest: digest.end(),
      headerDigest: headers.end(),
      places,
      modulePaths,
      sameFile,
      moduleLists,
    }),
  };
}
