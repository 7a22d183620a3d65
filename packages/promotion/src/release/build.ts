// SPDX-License-Identifier: Apache-2.0
import { recordedSeedBuild } from '@latticra/boot-seed';
import type { RecordedSource } from '@latticra/evidence-format/define';
import { recordedBuild } from '@latticra/linux-release';
import { NAMESPACES } from '@latticra/signature';
import { distinctFiles } from '../evidence/copies.js';
import { type Evidence, isOf, type Piece, type PieceOf } from '../evidence/piece.js';
import type { Signers } from './signers.js';

/** A build whose images were taken apart and agree with its record, whatever was built. */
export interface Build {
  readonly piece: Piece;
  readonly system: 'linux' | 'boot-seed';
  readonly source: RecordedSource;
  readonly environment: string;
  readonly outputDir: string;
  /** Digests of its images: 64 hexadecimal digits each. */
  readonly iso: string | undefined;
  readonly vmImages: readonly string[];
  /** Undefined for a system without one. */
  readonly initramfs: string | undefined;
  /** Of the runbook beside it. */
  readonly recovery: string | undefined;
  /** What its boots are known by. */
  readonly buildId: string | undefined;
  /** The command that gives the same bytes, for a shell where it was built. */
  readonly command: string;
  /** The archive of its root, as it was named there. */
  readonly rootfs: string | undefined;
}

/**
 * Lists the builds among the evidence, those first whose producer signed: who made the others, nobody knows. The record of the same
 * build twice is one.
 */
export function buildsIn({ pieces }: Evidence, signers: Signers): Build[] {
  const isSigned = (piece: Piece) => signers.of(piece, NAMESPACES.build).by !== undefined;
  const records = pieces.filter((piece) => isOf(piece, 'build-record') || isOf(piece, 'seed-build-record'));
  return distinctFiles(records, isSigned)
    .flatMap((piece) => buildOf(piece) ?? [])
    .sort((a, b) => Number(isSigned(b.piece)) - Number(isSigned(a.piece)));
}

function buildOf(piece: Piece): Build | undefined {
  if (isOf(piece, 'build-record')) return linuxBuild(piece);
  return isOf(piece, 'seed-build-record') ? seedBuild(piece) : undefined;
}

function linuxBuild(piece: PieceOf<'build-record'>): Build {
  const { record } = piece.content.validation;
  return {
    piece,
    system: 'linux',
    source: record,
    environment: record.buildEnvironment,
    outputDir: record.outputDir,
    iso: record.iso?.sha256,
    vmImages: [record.qcow2, record.raw].flatMap((image) => (image === undefined ? [] : [image.sha256])),
    initramfs: record.initramfs.sha256,
    recovery: record.recoverySha256,
    buildId: record.buildId,
    command: recordedBuild(record, fileOf(piece)).command,
    rootfs: record.rootfs?.path,
  };
}

function seedBuild(piece: PieceOf<'seed-build-record'>): Build {
  const { record } = piece.content.validation;
  return {
    piece,
    system: 'boot-seed',
    source: record,
    environment: record.buildEnvironment,
    outputDir: record.outputDir,
    iso: record.iso?.sha256,
    vmImages: record.vmImage === undefined ? [] : [record.vmImage.sha256],
    initramfs: undefined,
    recovery: undefined,
    buildId: record.buildId,
    command: recordedSeedBuild(record, fileOf(piece)).command,
    rootfs: undefined,
  };
}

const fileOf = ({ path, sha256 }: Piece) => ({ name: path, sha256 });
