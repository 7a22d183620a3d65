// SPDX-License-Identifier: Apache-2.0
import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';

/** As much as is handed over at a time, and how much of that may be under way. */
export const CHUNK_BYTES = 1 << 20;
const CHUNKS = 8;

/** What the thread that reads needs in order to hand on what it reads. */
export interface Lane {
  readonly port: MessagePort;
  /** Counts what came back: the reading thread blocks, and has to be woken. */
  readonly returned: SharedArrayBuffer;
}

/** A chunk on its way: memory that belongs to one thread at a time. Without it, there is no more. */
interface Parcel {
  readonly memory?: ArrayBuffer;
  readonly length: number;
}

/**
 * Opens a lane to another thread.
 * @param use sees each chunk, in order, on this thread
 * @returns the other end, to be posted there, and what resolves when all was seen
 */
export function openLane(use: (chunk: Uint8Array) => void): {
  lane: Lane;
  done: Promise<void>;
  close(): void;
} {
  const { port1, port2 } = new MessageChannel();
  const returned = new SharedArrayBuffer(4);
  const count = new Int32Array(returned);
  const done = new Promise<void>((resolve) => {
    port1.on('message', ({ memory, length }: Parcel) => {
      if (memory === undefined) {
        resolve();
        return;
      }
      use(new Uint8Array(memory, 0, length));
      port1.postMessage(memory, [memory]);
      Atomics.add(count, 0, 1);
      Atomics.notify(count, 0);
    });
  });
  return { lane: { port: port2, returned }, done, close: () => port1.close() };
}

/** The other end: `write` hands on a chunk of at most {@link CHUNK_BYTES} and blocks while too many are under way. */
export function enterLane({ port, returned }: Lane): { write(chunk: Uint8Array): void; end(): void } {
  const count = new Int32Array(returned);
  let made = 0;
  const memoryForOne = (): ArrayBuffer => {
    for (;;) {
      // Looked at before: what comes back in between wakes the wait at once.
      const seen = Atomics.load(count, 0);
      const back: { message: ArrayBuffer } | undefined = receiveMessageOnPort(port);
      if (back !== undefined) return back.message;
      if (made < CHUNKS) break;
      Atomics.wait(count, 0, seen);
    }
    made += 1;
    return new ArrayBuffer(CHUNK_BYTES);
  };
  return {
    write(chunk) {
      const memory = memoryForOne();
      new Uint8Array(memory).set(chunk);
      port.postMessage({ memory, length: chunk.length } satisfies Parcel, [memory]);
    },
    end: () => port.postMessage({ length: 0 } satisfies Parcel),
  };
}
