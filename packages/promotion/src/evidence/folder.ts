// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import type { Pin } from '@latticra/attestation';
import type { LentFiles, ReadableFolder } from '@latticra/held-files/anchor';
import type { Tracker } from '@latticra/manifest';
import type { SshSignature } from '@latticra/signature';
import type { Environment } from '@latticra/toolchain';
import { FolderCache } from './cache.js';
import { type Draft, draftOf } from './draft.js';
import { type Entry, LARGE, listFolder } from './list.js';
import { measuredByRelease, type Sum } from './measured.js';
import type { Content, DetachedSignature, Piece, Refused } from './piece.js';
import { readFileOnce } from './read-file.js';
import { reasonFor } from './reason.js';
import { settle } from './settle.js';

/** How a folder of evidence is looked at. */
export interface FolderOptions {
  readonly tracker: Tracker;
  readonly signal: AbortSignal;
  /** Where the programs are sought that made a boot seed, to make it again. */
  readonly env: Environment;
  /** Which builder has which key; undefined where nobody said. */
  readonly pins?: readonly Pin[] | undefined;
  /** Files of the evidence that lie elsewhere, by their paths in it; none unless given. */
  readonly lent?: LentFiles | undefined;
}

/** What one folder holds, without the folders in it. */
export interface ReadFolder {
  readonly pieces: readonly Piece[];
  readonly refused: readonly Refused[];
  readonly folders: readonly Entry[];
}

const SIGNATURE = '.sig';

/**
 * Reads a held folder: each file once, told by its content, and each document held against the files beside it.
 * @param prefix of its paths: empty, or the folder in the evidence with a slash
 * @param root the folder of the evidence, absolute
 * @throws HeldFileError where the folder itself cannot be read
 */
export async function readFolder(
  folder: ReadableFolder,
  prefix: string,
  root: string,
  options: FolderOptions,
): Promise<ReadFolder> {
  const listed = listFolder(folder);
  const reading = new Reading(folder, prefix, root, options);
  for (const { name, reason } of listed.refused) reading.refuse(name, reason);
  const rest: Entry[] = [];
  for (const entry of listed.files) {
    if (entry.stats.size < LARGE) await reading.read(entry);
    else rest.push(entry);
  }
  await reading.settleAll('build-record');
  for (const entry of rest) await reading.read(entry);
  await reading.settleAll('seed-build-record', 'boot-record', 'transcript');
  return { ...reading.finish(), folders: listed.folders };
}

/** The work on one folder. */
class Reading {
  readonly #drafts = new Map<string, Draft | Content>();
  readonly #signatures = new Map<string, SshSignature>();
  readonly #refused: Refused[] = [];
  readonly #measured = new Map<string, Sum>();
  readonly #companions = new Map<string, string>();
  readonly #cache: FolderCache;
  readonly #folder: ReadableFolder;
  readonly #prefix: string;
  readonly #root: string;
  readonly #options: FolderOptions;

  constructor(folder: ReadableFolder, prefix: string, root: string, options: FolderOptions) {
    this.#folder = folder;
    this.#prefix = prefix;
    this.#root = root;
    this.#options = options;
    this.#cache = new FolderCache(folder);
  }

  refuse(name: string, reason: string): void {
    this.#refused.push({ path: this.#prefix + name, reason });
  }

  async read({ name, stats }: Entry): Promise<void> {
    const wantsSha512 = this.#signatures.get(name + SIGNATURE)?.hash === 'sha512';
    const known = this.#measured.get(name);
    if (known !== undefined && !wantsSha512 && BigInt(known.size) === stats.size) {
      this.#drafts.set(name, { kind: 'image', inspection: undefined });
      return;
    }
    await this.#attempt(name, async () => {
      const file = this.#folder.openFile(name, stats);
      try {
        const found = await this.#options.tracker.track(
          `reading ${this.#prefix}${name}`,
          (onBytes) => readFileOnce(name, file, { wantsSha512, onBytes }),
          Number(stats.size),
        );
        this.#cache.add(found);
        const draft = draftOf(found, this.#prefix + name, this.#options.pins);
        this.#drafts.set(name, draft);
        if (draft.kind === 'signature-file') this.#signatures.set(name, draft.signature);
      } finally {
        file.close();
      }
    });
  }

  /** Holds the documents of these kinds against the files beside them, in the order of their names. */
  async settleAll(...kinds: readonly string[]): Promise<void> {
    for (const name of [...this.#drafts.keys()].sort()) {
      const draft = this.#drafts.get(name);
      if (draft?.kind !== 'open' || !kinds.includes(draft.of)) continue;
      await this.#attempt(name, async () => {
        const { content, companions } = await settle(name, draft.of, {
          folderPath: join(this.#root, this.#prefix),
          folder: this.#folder,
          prefix: this.#prefix,
          cache: this.#cache,
          ...this.#options,
        });
        this.#drafts.set(name, content);
        for (const each of companions) this.#companions.set(each, name);
        if (content.kind !== 'build-record') return;
        for (const [path, sum] of measuredByRelease(content.validation)) this.#measured.set(path, sum);
      });
    }
  }

  /** Does `work` on a file; what cannot be taken as evidence is named, and the others are still looked at. */
  async #attempt(name: string, work: () => Promise<void>): Promise<void> {
    try {
      this.#options.signal.throwIfAborted();
      await work();
    } catch (error) {
      this.refuse(name, reasonFor(error));
      this.#drafts.delete(name);
    }
  }

  finish(): { readonly pieces: readonly Piece[]; readonly refused: readonly Refused[] } {
    const pieces: Piece[] = [];
    for (const [name, draft] of this.#drafts) {
      const sum = this.#cache.get(name) ?? this.#measured.get(name);
      if (sum === undefined || draft.kind === 'open') continue;
      pieces.push({
        path: this.#prefix + name,
        size: sum.size,
        sha256: sum.sha256,
        content: this.#contentOf(name, draft),
        signature: this.#signatureOf(name, sum),
      });
    }
    return { pieces, refused: this.#refused };
  }

  #contentOf(name: string, draft: Exclude<Draft, { kind: 'open' }> | Content): Content {
    if (draft.kind === 'signature-file') {
      const of = name.slice(0, -SIGNATURE.length);
      if (name.endsWith(SIGNATURE) && this.#drafts.has(of))
        return { kind: 'signature', of: this.#prefix + of };
      return {
        kind: 'unrecognized',
        what: 'a signature with no file beside it that has its name without .sig',
      };
    }
    const of = this.#companions.get(name);
    const isBare = draft.kind === 'text' || draft.kind === 'unrecognized';
    return of !== undefined && isBare ? { kind: 'companion', of: this.#prefix + of } : draft;
  }

  #signatureOf(name: string, sum: Sum): DetachedSignature | undefined {
    const signature = this.#signatures.get(name + SIGNATURE);
    if (signature === undefined) return undefined;
    const digest =
      signature.hash === 'sha512' ? this.#cache.get(name)?.sha512 : Buffer.from(sum.sha256, 'hex');
    if (digest === undefined) return undefined;
    return { path: this.#prefix + name + SIGNATURE, signature, digest };
  }
}
