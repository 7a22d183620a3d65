// SPDX-License-Identifier: Apache-2.0
import type { RecordedSource } from '@latticra/evidence-format/define';
import { type Evidence, isOf, type Piece, type PieceOf } from '../evidence/piece.js';

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
}

/** Lists the builds among the evidence; the record of the same build twice is one. */
export function buildsIn({ pieces }: Evidence): Build[] {
  const found = new Map<string, Build>();
  for (const piece of pieces) {
    const build = buildOf(piece);
    if (build !== undefined && !found.has(piece.sha256)) found.set(piece.sha256, build);
  }
  return [...found.values()];
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
  };
}
