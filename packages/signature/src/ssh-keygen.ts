// SPDX-License-Identifier: Apache-2.0
import { escapeControls } from '@latticra/evidence-format';
import { type Environment, type ExecResult, execProgram, requireProgram } from '@latticra/toolchain';
import { SignatureError } from './error.js';
import type { Namespace } from './namespace.js';
import { MAX_SIGNATURE_BYTES } from './parse/signature.js';

/** How long a person may take to type a passphrase or to touch a key, and ssh-keygen to hash the file, in milliseconds. */
const TIME_LIMIT_MS = 10 * 60_000;

/** What ssh-keygen needs to find an agent, a security key, or a person to ask. */
const PASSED_ON = [
  'SSH_AUTH_SOCK',
  'SSH_ASKPASS',
  'SSH_ASKPASS_REQUIRE',
  'DISPLAY',
  'SSH_SK_PROVIDER',
  'HOME',
];

/** What signing through ssh-keygen is given of the machine that it runs on. */
export interface SigningOptions {
  readonly cwd: string;
  readonly env: Environment;
  /** Stops it. */
  readonly signal?: AbortSignal | undefined;
  /** How long it may take, in milliseconds; ten minutes unless given. */
  readonly timeLimitMs?: number | undefined;
  /** Takes what ssh-keygen says meanwhile: it may be waiting for a finger. */
  readonly onStderr?: ((text: string) => void) | undefined;
}

/**
 * Signs what the descriptor `input` reads, through `ssh-keygen -Y sign`, from its stdin to its stdout: given a name, it would
 * ask about a signature that is there already, and where nobody answers exit 0 without having signed anything. It stays at
 * the terminal of this process, where it asks for a passphrase.
 * @param key absolute path of the private key, or of the `.pub` file of one that an agent holds
 * @returns what ssh-keygen printed
 * @throws SignatureError `not-signed`; ToolchainError
 */
export async function runSshKeygen(
  input: number,
  { key, namespace }: { readonly key: string; readonly namespace: Namespace },
  { cwd, env, signal, timeLimitMs = TIME_LIMIT_MS, onStderr }: SigningOptions,
): Promise<string> {
  const argv = ['-Y', 'sign', '-n', namespace, '-O', 'hashalg=sha256', '-f', key];
  const result = await execProgram(requireProgram('ssh-keygen', env), argv, {
    cwd,
    env: Object.fromEntries(PASSED_ON.map((name) => [name, env[name]])),
    input,
    foreground: true,
    timeLimitMs,
    maxBytes: 2 * MAX_SIGNATURE_BYTES,
    ...(signal !== undefined && { signal }),
    ...(onStderr !== undefined && { onStderr }),
  });
  if ('code' in result.end && result.end.code === 0) return result.stdout;
  throw new SignatureError(
    'not-signed',
    `ssh-keygen did not sign with ${key}: ${reasonOf(result, timeLimitMs)}`,
    {
      fix: 'try ssh-keygen -Y sign with that key by hand: it needs its passphrase, its agent or a touch, and is for its owner alone to read',
    },
  );
}

function reasonOf({ end, stderr }: ExecResult, timeLimitMs: number): string {
  if ('stopped' in end) {
    return end.stopped === 'time-limit'
      ? `it took longer than ${timeLimitMs / 1000} seconds`
      : `it was stopped (${end.stopped})`;
  }
  const said = stderr
    .split(/\r?\n/)
    .filter((line) => /[A-Za-z]/.test(line) && !/^Signing (file|data)/.test(line));
  const how = 'code' in end ? `exit status ${end.code}` : end.signal;
  return said.length === 0 ? how : `${escapeControls(said.slice(-3).join('; '))} (${how})`;
}
