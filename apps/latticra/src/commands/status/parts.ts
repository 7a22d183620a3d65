// SPDX-License-Identifier: Apache-2.0
import { basename } from 'node:path';
import { RELEASE_MARK, releaseState } from '../release/state.js';
import type { Contents, Item } from './contents.js';

/** The files that a release is made of, as far as a folder has them: of each the first. */
export interface Parts {
  readonly kernel: Item | undefined;
  readonly initramfs: Item | undefined;
  readonly rootfs: Item | undefined;
  readonly iso: Item | undefined;
  readonly vmImage: Item | undefined;
  readonly sbom: Item | undefined;
  /** Texts that people wrote: one of them may be the runbook. */
  readonly runbook: Item | undefined;
  readonly manifest: Item | undefined;
  /** Reports and records of boots, which are not judged again here. */
  readonly boots: readonly Item[];
  readonly rehearsal: Item | undefined;
  /** What `latticra release` keeps of its steps, or a file of nothing in its place, of which nobody can tell what it was. */
  readonly release: Item | undefined;
}

const TITLE = {
  manifest: 'LATTICRA OS IMAGE ARTIFACT MANIFEST',
  rehearsal: 'LATTICRA OS IMAGE REHEARSAL',
  release: releaseState.title,
  boots: [
    'LATTICRA BOOT SEED QEMU SMOKE',
    'LATTICRA BOOT MATRIX RECORD',
    'SEABIOS GRUB BOOT PREVIEW EVIDENCE',
  ],
};

/** How people call a runbook. */
const RUNBOOK = /recover|runbook/i;

/** Sorts what lies in a folder by the part that it plays in a release. Only a runbook is told by its name: it is any text. */
export function partsOf({ items }: Contents): Parts {
  // What lies higher up is what a person means.
  const sorted = [...items].sort((a, b) => depth(a) - depth(b));
  const first = (is: (item: Item) => boolean) => sorted.find(is);
  const titled = (title: string) => first(({ document }) => document?.title === title);
  return {
    kernel: first(({ kind }) => kind === 'linux'),
    initramfs: first(isInitramfs),
    rootfs: first(isRootfs),
    iso: first(({ kind }) => kind === 'iso9660'),
    vmImage: first(({ kind }) => kind === 'qcow2') ?? first(({ kind }) => kind === 'disk'),
    sbom: first(({ kind }) => kind === 'spdx-json'),
    runbook: first(
      ({ kind, document, path }) => kind === 'text' && document === undefined && RUNBOOK.test(path),
    ),
    manifest: titled(TITLE.manifest),
    boots: sorted.filter(({ document }) => document !== undefined && TITLE.boots.includes(document.title)),
    rehearsal: titled(TITLE.rehearsal),
    release:
      titled(TITLE.release) ??
      first(({ kind, path }) => kind === 'empty' && basename(path) === RELEASE_MARK.report),
  };
}

const depth = ({ path }: Item) => path.split('/').length;

function isRootfs({ inspection: { kind, facts } }: Item): boolean {
  return kind === 'tar' || (kind === 'compressed' && facts?.content === 'a tar archive');
}

function isInitramfs(item: Item): boolean {
  return item.kind === 'cpio' || (item.kind === 'compressed' && !isRootfs(item));
}
