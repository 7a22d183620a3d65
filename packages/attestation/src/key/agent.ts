// SPDX-License-Identifier: Apache-2.0
import { connect } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';
import type { PublicKey } from '@latticra/signature';
import { AttestationError, refuse } from '../error.js';

/** Of the agent's protocol (draft-miller-ssh-agent, section 5.1). */
const SIGN_REQUEST = 13;
const SIGN_RESPONSE = 14;
const MAX_ANSWER = 64 * 1024;
/** How long a person may take to confirm, in milliseconds. */
const TIME_LIMIT_MS = 2 * 60_000;
const FIX = 'see with ssh-add -L that the agent holds the key, and that SSH_AUTH_SOCK names it';

const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const string = (bytes: Uint8Array) => Buffer.concat([u32(bytes.length), bytes]);

/**
 * Has an agent sign with a key that it holds. It gives the raw signature of ed25519.
 * @param socket what SSH_AUTH_SOCK says
 * @throws AttestationError `no-agent`, `agent-refused`
 */
export async function signByAgent(
  socket: string | undefined,
  key: PublicKey,
  data: Uint8Array,
  { timeLimitMs = TIME_LIMIT_MS }: { readonly timeLimitMs?: number } = {},
): Promise<Uint8Array> {
  if (socket === undefined || socket === '') {
    throw refuse('no-agent', 'there is no agent to sign with a public key: SSH_AUTH_SOCK is not set', FIX);
  }
  const body = Buffer.concat([Buffer.from([SIGN_REQUEST]), string(key.blob), string(data), u32(0)]);
  return signatureIn(await ask(socket, string(body), timeLimitMs));
}

async function ask(path: string, request: Uint8Array, timeLimitMs: number): Promise<Buffer> {
  const socket = connect(path);
  const timer = new AbortController();
  const late = after(timeLimitMs, undefined, { signal: timer.signal, ref: false }).then(
    () =>
      socket.destroy(
        refuse('agent-refused', `the agent took longer than ${timeLimitMs / 1000} seconds`, FIX),
      ),
    () => undefined,
  );
  try {
    socket.write(request);
    let answer = Buffer.alloc(0);
    for await (const piece of socket) {
      answer = Buffer.concat([answer, piece as Buffer]);
      const length = answer.length >= 4 ? answer.readUInt32BE(0) : undefined;
      if (length !== undefined && length > MAX_ANSWER) break;
      if (length !== undefined && answer.length >= 4 + length) return answer.subarray(4, 4 + length);
    }
    throw refuse('agent-refused', 'the agent ended the conversation without an answer', FIX);
  } catch (cause) {
    if (cause instanceof AttestationError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AttestationError('no-agent', `the agent cannot be asked: ${reason}`, { cause, fix: FIX });
  } finally {
    timer.abort();
    await late;
    socket.destroy();
  }
}

/** Returns the signature in an answer: a string that holds the name of the algorithm and 64 bytes, and nothing behind. */
function signatureIn(answer: Buffer): Uint8Array {
  const expected = Buffer.concat([string(Buffer.from('ssh-ed25519')), u32(64)]);
  const whole = string(Buffer.concat([expected, Buffer.alloc(64)]));
  const head = Buffer.concat([Buffer.from([SIGN_RESPONSE]), whole.subarray(0, whole.length - 64)]);
  if (answer.length === head.length + 64 && answer.subarray(0, head.length).equals(head)) {
    return answer.subarray(head.length);
  }
  throw refuse('agent-refused', 'the agent did not sign with this key', FIX);
}
