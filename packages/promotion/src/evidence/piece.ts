// SPDX-License-Identifier: Apache-2.0
import type { VerifiedRecord } from '@latticra/boot-cases';
import type { SeedBuildValidation } from '@latticra/boot-seed';
import type { Inspection } from '@latticra/disk-image/inspect';
import type { LentFiles } from '@latticra/held-files/anchor';
import type { ReleaseValidation } from '@latticra/linux-release';
import type { ArtifactManifest } from '@latticra/manifest';
import type { SshSignature, UnsignedLocal } from '@latticra/signature';
import type { Review } from '../review/schema.js';
import type { Transcript } from '../transcript/schema.js';
import type { AttestationFacts } from './attestation.js';

/** What an SBOM without errors says, as far as a promotion asks. */
export interface SbomFacts {
  /** Digests of the files and packages that it lists: 64 hexadecimal digits each. */
  readonly lists: ReadonlySet<string>;
  readonly packages: number;
  /** The first package that declares no licence and does not say why none is known. */
  readonly unlicensed: string | undefined;
}

/** What a file turned out to be, by its content alone; documents were held against the files beside them. */
export type Content =
  | { readonly kind: 'artifact-manifest'; readonly manifest: ArtifactManifest }
  | { readonly kind: 'build-record'; readonly validation: ReleaseValidation }
  | { readonly kind: 'seed-build-record'; readonly validation: SeedBuildValidation }
  | { readonly kind: 'boot-record'; readonly verified: VerifiedRecord; readonly logPath: string }
  | { readonly kind: 'transcript'; readonly transcript: Transcript; readonly logPath: string }
  | { readonly kind: 'review'; readonly review: Review }
  | { readonly kind: 'sbom'; readonly sbom: SbomFacts }
  | { readonly kind: 'attestation'; readonly attestations: AttestationFacts }
  /** An image, or anything else whose format was told; undefined where another validator measured it. */
  | { readonly kind: 'image'; readonly inspection: Inspection | undefined }
  | {
      readonly kind: 'checksums';
      readonly entries: readonly { readonly hex: string; readonly name: string }[];
    }
  /** The declaration that a file is handed over unsigned. */
  | { readonly kind: 'unsigned-local'; readonly declared: UnsignedLocal }
  | { readonly kind: 'signature'; readonly of: string }
  /**
   * A text that no title tells: a runbook or a log, where a document names it by its digest. It may look like a document of ours to
   * a person, and be none: with other blanks, letters or line ends.
   */
  | { readonly kind: 'text'; readonly isLookalike: boolean }
  /** A file that belongs to a document beside it. */
  | { readonly kind: 'companion'; readonly of: string }
  /** What was not understood, and what it seems to be. */
  | { readonly kind: 'unrecognized'; readonly what: string };
export type Kind = Content['kind'];

/** A signature that lies beside a file as `<name>.sig`; whose it is, and whether it holds, is not known yet. */
export interface DetachedSignature {
  readonly path: string;
  readonly signature: SshSignature;
  /** The digest of the file by the signature's hash, raw. */
  readonly digest: Uint8Array;
}

/** A file of the evidence that was read once. */
export interface Piece<C extends Content = Content> {
  /** In the folder of evidence, with `/` between names. */
  readonly path: string;
  readonly size: number;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
  readonly content: C;
  readonly signature: DetachedSignature | undefined;
}
/** A piece of one kind. */
export type PieceOf<K extends Kind> = Piece<Extract<Content, { readonly kind: K }>>;

/** What could not be taken as evidence, and why: in a sentence. */
export interface Refused {
  readonly path: string;
  readonly reason: string;
}

/** A folder of evidence, walked once. */
export interface Evidence {
  /** Absolute. */
  readonly root: string;
  /** In the order of their paths. */
  readonly pieces: readonly Piece[];
  readonly refused: readonly Refused[];
  /** Those that lie elsewhere, by their paths. */
  readonly lent?: LentFiles | undefined;
}

/** Returns whether a piece is of a kind. */
export function isOf<K extends Kind>(piece: Piece, kind: K): piece is PieceOf<K> {
  return piece.content.kind === kind;
}
