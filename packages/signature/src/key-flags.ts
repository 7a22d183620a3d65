// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { type RecordSigner, takeSigningKey } from './sign-record.js';

/** The flag of a lane that signs the record of what it built. */
export const SIGN_KEY_FLAG = {
  'sign-key': {
    value: 'path',
    placeholder: 'key',
    help: 'sign the record of the build, as <record>.sig beside it, with this OpenSSH key',
  },
} as const;

/** The flag of a lane that signs what it saw, as the machine that it ran on. */
export const MACHINE_KEY_FLAG = {
  'machine-key': {
    value: 'path',
    placeholder: 'key',
    help: 'sign each record, as <record>.sig beside it, with this OpenSSH key of this machine',
  },
} as const;

/** What a lane knows of where it runs. */
export interface KeyContext {
  /** The folder that paths start from. */
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** Takes what ssh-keygen says to a person: that a key waits for a touch, say. */
  tell(line: string): void;
}

/**
 * Takes the key that such a flag named, before any work is done; undefined where it named none.
 * @throws as {@link takeSigningKey}
 */
export async function namedSigner(
  key: string | undefined,
  { cwd, env, signal, tell }: KeyContext,
): Promise<RecordSigner | undefined> {
  if (key === undefined) return undefined;
  return takeSigningKey(resolve(cwd, key), { cwd, env, signal, onStderr: tell });
}
