// SPDX-License-Identifier: Apache-2.0
import { dirname } from 'node:path';
import { BootSeedError } from '../error.js';
import type { BuildHost } from '../host.js';
import { runTool } from '../tool.js';
import type { GrubToolchain } from './tools.js';

/** The inputs that decide a tool's result, beside its arguments. */
export interface GrubRun {
  /** A private folder: the tool works in it and keeps its own temporary files there. */
  readonly cwd: string;
  /** The time that images are dated, see {@link toolEpoch}. */
  readonly epoch: number;
  readonly tools: GrubToolchain;
  readonly host: BuildHost;
}

/** 1980-01-01T00:00:00Z in seconds: FAT's first date. */
const FIRST_FAT_DATE = 315_532_800;

/**
 * Returns the time that the tools are told: `epoch`, or 1980-01-01 for anything before it. mtools wraps an earlier
 * date around to the end of FAT's time, and xorriso takes 0 for no time at all.
 */
export function toolEpoch(epoch: number): number {
  return Math.max(epoch, FIRST_FAT_DATE);
}

/**
 * Runs one of GRUB's tools. The tool sees no variable of the user's, UTC, one date, and no programs but those that
 * were found for it.
 * @throws BootSeedError `grub-failed` with the last of what it said
 */
export async function runGrub(path: string, argv: readonly string[], run: GrubRun): Promise<void> {
  const { cwd, tools, host } = run;
  const folders = [tools.mformat, tools.mcopy, tools.xorriso].map((program) => dirname(program));
  const { code, output } = await (host.run ?? runTool)(path, argv, {
    cwd,
    env: {
      PATH: [...new Set(folders)].join(':'),
      TMPDIR: cwd,
      TZ: 'UTC',
      SOURCE_DATE_EPOCH: String(toolEpoch(run.epoch)),
      MTOOLSRC: '/dev/null',
    },
    ...(host.signal && { signal: host.signal }),
  });
  host.signal?.throwIfAborted();
  if (code === 0) return;
  const reason = output.trim().split('\n').slice(-3).join('; ');
  throw new BootSeedError('grub-failed', `${path} ended with ${code}: ${reason}`);
}
