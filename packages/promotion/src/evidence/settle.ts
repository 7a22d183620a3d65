// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { join } from 'node:path';
import { BESIDE_RECORD, verifyRecordFiles } from '@latticra/boot-cases';
import { validateSeedBuild } from '@latticra/boot-seed';
import { MAX_DOCUMENT_BYTES } from '@latticra/evidence-format';
import type { ReadableFolder } from '@latticra/held-files/anchor';
import { validateRelease } from '@latticra/linux-release';
import type { Tracker } from '@latticra/manifest';
import type { Environment } from '@latticra/toolchain';
import { PromotionError } from '../error.js';
import { checkTranscript } from '../transcript/check.js';
import { MAX_LOG_BYTES, parseTranscript } from '../transcript/read.js';
import { assertLog, missingLog } from '../transcript/validate.js';
import type { FolderCache } from './cache.js';
import type { OpenKind } from './draft.js';
import type { Content } from './piece.js';

/** Where a document lies, and how what it names beside it is looked at. */
export interface Surroundings {
  /** The folder of evidence, absolute, and the document's folder in it: empty, or ending in a slash. */
  readonly folderPath: string;
  readonly prefix: string;
  /** The document's folder, held. */
  readonly folder: ReadableFolder;
  readonly cache: FolderCache;
  readonly tracker: Tracker;
  readonly signal: AbortSignal;
  /** Where the programs are sought that made a boot seed, to make it again. */
  readonly env: Environment;
}

/** A document that agrees with the files beside it, and the names of those. */
export interface Settled {
  readonly content: Content;
  readonly companions: readonly string[];
}

/**
 * Holds a document against the files beside it, by the validator of its kind.
 * @throws Failure of that validator, for whatever does not hold
 */
export async function settle(name: string, of: OpenKind, around: Surroundings): Promise<Settled> {
  switch (of) {
    case 'build-record':
      return settleRelease(name, around);
    case 'seed-build-record':
      return settleSeed(name, around);
    case 'boot-record':
      return settleBoot(name, around);
    case 'transcript':
      return settleTranscript(name, around);
  }
}

async function settleRelease(
  name: string,
  { folderPath, folder, cache, tracker, signal }: Surroundings,
): Promise<Settled> {
  const resolvedPath = join(folderPath, name);
  const validation = await validateRelease({
    path: name,
    resolvedPath,
    inputsFrom: undefined,
    folder,
    tracker,
    signal,
  });
  assertSame(name, validation, cache);
  return { content: { kind: 'build-record', validation }, companions: [] };
}

async function settleSeed(
  name: string,
  { folderPath, folder, cache, tracker, signal, env }: Surroundings,
): Promise<Settled> {
  const resolvedPath = join(folderPath, name);
  const validation = await tracker.track(
    `taking apart what ${name} is of`,
    (onBytes) =>
      validateSeedBuild({ path: name, resolvedPath, inputsFrom: undefined, folder, env, signal, onBytes }),
    undefined,
  );
  assertSame(name, validation, cache);
  return { content: { kind: 'seed-build-record', validation }, companions: [] };
}

/** Refuses a record that is no longer the one that was read before. @throws PromotionError `bad-evidence` */
function assertSame(name: string, { sha256 }: { readonly sha256: string }, cache: FolderCache): void {
  if (sha256 === cache.get(name)?.sha256) return;
  throw new PromotionError('bad-evidence', `${name}: is another file than a moment ago`, {
    fix: 'let whatever writes there finish, then run this again',
  });
}

function settleBoot(name: string, { cache, prefix }: Surroundings): Settled {
  const verified = verifyRecordFiles(
    {
      path: prefix.replace(/\/$/, ''),
      has: (each) => cache.has(each),
      read: (each, max) => cache.read(each, max),
    },
    name,
  );
  const { serialLog, argvRecord, screenshot } = verified.record;
  return {
    content: { kind: 'boot-record', verified, logPath: prefix + serialLog.name },
    companions: [
      serialLog.name,
      argvRecord.name,
      ...(screenshot === undefined ? [] : [screenshot.name]),
      ...BESIDE_RECORD,
    ],
  };
}

function settleTranscript(name: string, { cache, prefix }: Surroundings): Settled {
  const shown = prefix + name;
  const transcript = parseTranscript(shown, cache.read(name, MAX_DOCUMENT_BYTES));
  const { path } = transcript.log;
  if (!cache.has(path)) throw missingLog(shown, path);
  const log = cache.read(path, MAX_LOG_BYTES);
  assertLog(shown, transcript.log, { size: log.length, sha256: hash('sha256', log) });
  const { session } = checkTranscript(shown, transcript, log);
  return { content: { kind: 'transcript', transcript, session, logPath: prefix + path }, companions: [path] };
}
