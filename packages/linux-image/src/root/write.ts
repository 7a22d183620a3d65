// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { type ErofsPlan, planErofs, writeErofs } from '@latticra/disk-image/erofs';
import { UUID_NAMESPACE, uuidV5 } from '@latticra/disk-image/gpt';
import { planVerity, type VerityPlan, writeVerity } from '@latticra/disk-image/verity';
import type { Digests } from '@latticra/held-files/digest';
import { fillRoot, type RootFill } from './fill.js';
import type { ScannedRoot } from './scan.js';

/** How the root is read: every block verified by the kernel, or as it is. */
export type RootMode = 'verity' | 'plain';

/** Where everything of a root's image lies: the file system, and behind it the hash tree with its superblock. */
export interface RootPlan {
  readonly mode: RootMode;
  readonly scanned: ScannedRoot;
  readonly erofs: ErofsPlan;
  readonly verity: VerityPlan | undefined;
  /** Of the verity superblock, or of the file system where there is none. */
  readonly uuid: string;
  /** Bytes. */
  readonly size: number;
}

/** A root's image as it was written. */
export interface WrittenRoot {
  /** Lower-case hexadecimal, of the whole image. */
  readonly sha256: string;
  /** Lower-case hexadecimal; undefined for a root that nobody verifies. */
  readonly rootHash: string | undefined;
  /** The files that were wanted, by path. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

const NAMESPACE = uuidV5(UUID_NAMESPACE.url, 'urn:latticra:linux-image:root');
const VOLUME_NAME = 'latticra-root';
/** Bytes of the salt: as many as a digest has. */
const SALT_BYTES = 32;

/**
 * Plans the image of a root. The same tree, time and mode give the same one; its numbers are made of what the tree says.
 * @param epoch of the image, in seconds since 1970
 * @throws LinuxImageError `rootfs-unfit`; ImageError `too-large`
 */
export function planRoot(scanned: ScannedRoot, mode: RootMode, epoch: number): RootPlan {
  const role = (name: string) => uuidV5(NAMESPACE, `${name}\n${epoch}\n${scanned.digest}`).toLowerCase();
  const erofs = planErofs(scanned.tree, { uuid: role('erofs'), volumeName: VOLUME_NAME, epoch });
  if (mode === 'plain')
    return { mode, scanned, erofs, verity: undefined, uuid: role('erofs'), size: erofs.size };
  const salt = createHash('sha256')
    .update(`salt\n${epoch}\n${scanned.digest}`)
    .digest()
    .subarray(0, SALT_BYTES);
  const verity = planVerity({ dataBlocks: erofs.blocks, salt, uuid: role('verity') });
  return { mode, scanned, erofs, verity, uuid: role('verity'), size: erofs.size + verity.size };
}

/** Where the image of a root is written. */
export interface RootTarget {
  /** Takes bytes of the image, and where they belong in it; they are good until it returns. */
  write(bytes: Uint8Array, offset: number): void;
  /** Fills `into` with what was written there. */
  readInto(into: Uint8Array, offset: number): void;
}

/** A root's image that is being written, while its archive goes by for the second time. */
export interface RootWriter extends Pick<RootFill, 'push'> {
  /** Writes the rest, and returns what is known of the image. @throws LinuxImageError `rootfs-changed` */
  finish(): WrittenRoot;
}

/**
 * Starts to write the image of a root: the file system in one go, and its hash tree beside it.
 * @param wanted paths of files whose contents are returned in the end
 * @param digests of which the second room is filled
 */
export function writeRoot(
  plan: RootPlan,
  wanted: ReadonlySet<string>,
  target: RootTarget,
  digests: Digests,
): RootWriter {
  const { erofs, verity, scanned } = plan;
  const [, room] = digests.rooms;
  const whole = digests.stream();
  const tree =
    verity === undefined
      ? undefined
      : writeVerity(verity, (bytes, offset) => target.write(bytes, erofs.size + offset));
  const blocks = tree && verity && digests.blocks(verity.options.salt, (ofBlocks) => tree.digests(ofBlocks));
  let at = 0;
  const take = (bytes: Uint8Array) => {
    // First, so that others are at work on it meanwhile.
    whole.add(bytes);
    blocks?.add(bytes);
    target.write(bytes, at);
    at += bytes.length;
  };
  const writer = writeErofs(erofs, take, room);
  const fill = fillRoot({ writer, scanned, wanted });
  return {
    push: fill.push,
    finish() {
      const files = fill.finish();
      blocks?.end();
      const hash = tree?.end();
      for (let done = erofs.size; done < plan.size; ) {
        const bytes = room();
        const piece = bytes.subarray(0, Math.min(bytes.length, plan.size - done));
        target.readInto(piece, done);
        whole.add(piece);
        done += piece.length;
      }
      return {
        sha256: whole.end(),
        rootHash: hash === undefined ? undefined : Buffer.from(hash).toString('hex'),
        files,
      };
    },
  };
}
