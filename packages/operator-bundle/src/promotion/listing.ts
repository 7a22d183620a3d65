// SPDX-License-Identifier: Apache-2.0
import {
  always,
  claims,
  convert,
  type DocumentValue,
  defineDocument,
  derived,
  matching,
  numbered,
  type Scalar,
  where,
} from '@latticra/evidence-format/define';
import { HeldFileError } from '@latticra/held-files';
import { safeName } from '@latticra/held-files/anchor';

/** A file of a promotion folder. */
export interface PromotionEntry {
  /** In that folder, with `/` between names. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
}

const LINE = /sha256:([0-9a-f]{64}) (0|[1-9]\d{0,14}) (.+)/;

/** Digest, size and path of a file; the path names something below the folder, and nothing else. */
const entry: Scalar<PromotionEntry> = where(
  convert(
    matching(LINE, 'sha256:, 64 lower-case hexadecimal digits, a size, and a path', 'sha256 size path'),
    (found): PromotionEntry => {
      const [, sha256 = '', size = '', path = ''] = LINE.exec(found) ?? [];
      return { path, size: Number(size), sha256 };
    },
    ({ path, size, sha256 }) => `sha256:${sha256} ${size} ${path}`,
  ),
  ({ path }) => isBelow(path),
  'a digest, a size, and a path below the folder',
);

function isBelow(path: string): boolean {
  try {
    return path.split('/').every((name) => safeName(name) === name);
  } catch (error) {
    if (error instanceof HeldFileError) return false;
    throw error;
  }
}

/** What a listing's derived lines follow from. */
interface Listed {
  readonly carried: readonly PromotionEntry[];
  readonly lent: readonly PromotionEntry[];
}

/** Every file of the promotion folder that a bundle carries: those that lie there, and those that the bundle has elsewhere by their digests. */
export const promotionListing = defineDocument('LATTICRA OS IMAGE OPERATOR BUNDLE PROMOTION EVIDENCE', [
  always('promotion_evidence_version', 1),
  derived('carried_count', ({ carried }: Listed) => carried.length),
  derived('lent_count', ({ lent }: Listed) => lent.length),
  ...claims('bootable_os_ready', 'production_os_claim'),
  numbered('carried', 'carried', entry, { prefix: 'file_', first: 1 }),
  // The same bytes lie elsewhere in the bundle, once.
  numbered('lent', 'lent', entry, { prefix: 'lent_', first: 1 }),
]);
/** What a listing says. */
export type PromotionListing = DocumentValue<typeof promotionListing>;
