// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errnoOf } from '@latticra/failure';
import * as v from 'valibot';
import { ToolchainError } from '../error.js';

const file = v.object({ filename: v.string(), format: v.string() });

/**
 * The part of a firmware descriptor that decides what it can be used for (QEMU, docs/interop/firmware.json).
 * Words that this version of the schema does not know are fine: such firmware merely matches nothing.
 */
const schema = v.object({
  'interface-types': v.array(v.string()),
  mapping: v.looseObject({
    device: v.string(),
    mode: v.optional(v.string(), 'split'),
    executable: v.optional(file),
    'nvram-template': v.optional(file),
  }),
  targets: v.array(v.object({ architecture: v.string(), machines: v.array(v.string()) })),
  features: v.array(v.string()),
});

/** A firmware descriptor and where it was read. */
export interface Descriptor extends v.InferOutput<typeof schema> {
  readonly path: string;
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw new ToolchainError('bad-descriptor', `${folder}: cannot be listed (${code})`, {
      cause: error,
      fix: 'make the folder readable, or name the firmware by its path',
    });
  }
}

function readDescriptor(path: string): Descriptor | undefined {
  try {
    const text = readFileSync(path, 'utf8');
    return text === '' ? undefined : { ...v.parse(schema, JSON.parse(text)), path };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const where = v.isValiError(error) ? `${v.getDotPath(error.issues[0])}: ` : '';
    throw new ToolchainError('bad-descriptor', `${path}: not a firmware descriptor: ${where}${reason}`, {
      cause: error,
      fix: 'repair it, or mask it with an empty file of that name in /etc/qemu/firmware',
    });
  }
}

/**
 * Reads all descriptors in order of preference: by file name, a name in an earlier folder replacing the same
 * name in a later one, an empty file removing the name.
 * @throws ToolchainError `bad-descriptor`: a choice made without it might be the wrong one
 */
export function readDescriptors(folders: readonly string[]): Descriptor[] {
  const paths = new Map<string, string>();
  for (const folder of folders) {
    for (const name of listFolder(folder)) if (!paths.has(name)) paths.set(name, join(folder, name));
  }
  return [...paths]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, path]) => readDescriptor(path))
    .filter((descriptor) => descriptor !== undefined);
}
