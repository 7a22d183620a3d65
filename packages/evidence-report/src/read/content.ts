// SPDX-License-Identifier: Apache-2.0
import type { Inspection } from '@latticra/disk-image/inspect';
import type { EvidenceDocument } from '@latticra/evidence-format';
import type { SbomCheck } from '@latticra/sbom/check';

/** What a file is, by its content alone. */
export type Content =
  | { readonly kind: 'document'; readonly document: EvidenceDocument }
  /** Begins as a document does, and is none that can be read. */
  | { readonly kind: 'broken'; readonly reason: string }
  | { readonly kind: 'sbom'; readonly check: SbomCheck }
  | {
      readonly kind: 'checksums';
      readonly entries: readonly { readonly hex: string; readonly name: string }[];
    }
  | { readonly kind: 'signature' }
  | { readonly kind: 'picture' }
  | { readonly kind: 'image'; readonly form: ImageForm; readonly inspection: Inspection }
  | { readonly kind: 'other'; readonly what: string };

/** The form of an image of a system. */
export type ImageForm = 'iso' | 'qcow2' | 'raw';

/** A file of the folder, measured. */
export interface EvidenceFile {
  /** From the folder, with slashes. */
  readonly path: string;
  /** The part of the path before the name, without a slash at its end; '' for the folder itself. */
  readonly folder: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
  readonly content: Content;
}

/** A file that is a document. */
export type DocumentFile = EvidenceFile & { readonly content: Extract<Content, { kind: 'document' }> };

/** Returns whether a file is a document that was read, with that title where one is given. */
export function isDocument(file: EvidenceFile, title?: string): file is DocumentFile {
  return file.content.kind === 'document' && (title === undefined || file.content.document.title === title);
}
