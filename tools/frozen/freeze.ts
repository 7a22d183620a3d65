// SPDX-License-Identifier: Apache-2.0
/** Keeps what is written today for the readers of later versions: sound inputs of every reader of what comes from outside. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { bytesSource } from '../../packages/disk-image/src/index.js';
import { DESCRIPTIONS } from '../documents/descriptions.js';
import { type FuzzInput, isRefusal } from '../fuzz/engine/target.js';
import { TARGETS } from '../fuzz/targets/targets.js';

/** Readers of which nothing is kept, with the reason. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  sshPrivateKey: 'no private key is kept here, not even one of a test',
  grubIso: 'only what grub-mkrescue makes is read, and that is 5 MB',
};

/** Inputs of one reader that are kept at most; a document of every kind says more than ten of one. */
const KEPT = 3;

/** An input that was kept. */
export interface Frozen {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** What a described document was read as. */
  readonly value: unknown;
}

/** Returns an input as readers take it. */
export function inputOf(bytes: Uint8Array): FuzzInput {
  return { bytes, text: Buffer.from(bytes).toString(), source: bytesSource(bytes) };
}

/** Returns what a described document says, as JSON has it; undefined for a reader of anything else. */
export function documentValue(target: string, bytes: Uint8Array): unknown {
  const description = DESCRIPTIONS[target];
  return description && JSON.parse(JSON.stringify(description.parse(bytes)));
}

/** Keeps inputs of the readers of which `folder` has none; what is there stays as it is. */
export async function freeze(folder: string): Promise<void> {
  for (const { name, seeds, run } of TARGETS) {
    const place = join(folder, name);
    if (name in LEFT_OUT || existsSync(place)) continue;
    const sound: Uint8Array[] = [];
    for (const bytes of await seeds()) {
      if (sound.length < KEPT && (await isRead(run, bytes))) sound.push(bytes);
    }
    mkdirSync(place, { recursive: true });
    for (const [index, bytes] of sound.entries()) {
      const isText = Buffer.from(Buffer.from(bytes).toString()).equals(bytes) && !bytes.includes(0);
      if (isText) writeFileSync(join(place, `${index}.txt`), bytes);
      else writeFileSync(join(place, `${index}.gz`), gzipSync(bytes, { level: 9 }));
      const value = documentValue(name, bytes);
      if (value !== undefined)
        writeFileSync(join(place, `${index}.json`), `${JSON.stringify(value, undefined, 2)}\n`);
    }
  }
}

async function isRead(run: (input: FuzzInput) => unknown, bytes: Uint8Array): Promise<boolean> {
  try {
    await run(inputOf(bytes));
    return true;
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}

/** Reads what a folder keeps for a reader. */
export function frozenIn(folder: string, target: string): readonly Frozen[] {
  return readdirSync(join(folder, target))
    .filter((file) => !file.endsWith('.json'))
    .sort()
    .map((file) => {
      const path = join(folder, target, file);
      const stored = readFileSync(path);
      const json = path.replace(/\.\w+$/, '.json');
      const value = existsSync(json) ? JSON.parse(readFileSync(json, 'utf8')) : undefined;
      return { name: file, bytes: file.endsWith('.gz') ? gunzipSync(stored) : stored, value };
    });
}
