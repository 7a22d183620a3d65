// SPDX-License-Identifier: Apache-2.0
import { type Evidence, isOf, type PieceOf } from '../evidence/piece.js';

/** Tells which transcripts are of one log. */
export interface Logs {
  /** Returns a transcript of the same log that says that something else was done; undefined where there is none. */
  otherThan(piece: PieceOf<'transcript'>): PieceOf<'transcript'> | undefined;
}

/** Looks up which transcripts each log of the evidence is under. One log shows one person doing one thing on one machine. */
export function logsIn({ pieces }: Evidence): Logs {
  const byLog = new Map<string, Map<string, PieceOf<'transcript'>>>();
  for (const piece of pieces) {
    if (!isOf(piece, 'transcript')) continue;
    const { session } = piece.content;
    const things = byLog.get(session) ?? new Map<string, PieceOf<'transcript'>>();
    if (!things.has(thingOf(piece))) things.set(thingOf(piece), piece);
    byLog.set(session, things);
  }
  return {
    otherThan(piece) {
      const [first, second] = byLog.get(piece.content.session)?.entries() ?? [];
      return [first, second].find((entry) => entry !== undefined && entry[0] !== thingOf(piece))?.[1];
    },
  };
}

function thingOf({ content: { transcript } }: PieceOf<'transcript'>): string {
  const { kind, operator, image, machine, device } = transcript;
  return JSON.stringify([kind, operator, image.sha256, machine.serial, device.serial]);
}
