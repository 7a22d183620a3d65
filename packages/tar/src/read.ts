// SPDX-License-Identifier: Apache-2.0
import { TarError } from './error.js';
import type { TarMember } from './member.js';
import { showName } from './name.js';
import { walkTar } from './walk.js';

/** A member and its content, which has to be read or skipped before the next member is asked for. */
export interface TarEntry {
  readonly member: TarMember;
  /** Reads the stored content, in pieces that are good until the next is asked for; leaving it early skips the rest. */
  content(): AsyncGenerator<Uint8Array, void, undefined>;
  skip(): void;
}

type Event = { readonly member: TarMember } | { readonly piece: Uint8Array };

/**
 * Reads the members of an archive one by one, as `walkTar` does, from pieces of any length. That it is sound, and
 * that nothing stands behind its end, is known only when the last was read and this returned.
 *
 * @example
 * import { createReadStream } from 'node:fs';
 * import { gunzip, readTar } from '@latticra/tar';
 *
 * for await (const { member, skip } of readTar(gunzip(createReadStream('rootfs.tar.gz')))) {
 *   console.log(member.type, member.path);
 *   skip();
 * }
 *
 * @throws TarError `damaged`, `refused`; `unread` when the content of a member was neither read nor skipped
 */
export async function* readTar(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<TarEntry, void, undefined> {
  const events = eventsOf(pieces);
  const pull = async (): Promise<Event | undefined> => {
    const { done, value } = await events.next();
    return done === true ? undefined : value;
  };
  let next = await pull();
  while (next !== undefined) {
    if (!('member' in next)) {
      next = await pull();
      continue;
    }
    const { member } = next;
    let isDealtWith = member.storedSize === 0;
    yield {
      member,
      async *content() {
        isDealtWith = true;
        for (next = await pull(); next !== undefined && 'piece' in next; next = await pull())
          yield next.piece;
      },
      skip() {
        isDealtWith = true;
      },
    };
    if (!isDealtWith) {
      const message = `the content of member ${showName(member.path)} was neither read nor skipped`;
      throw new TarError('unread', message, { fix: 'read it, or call skip' });
    }
    if (next !== undefined && 'member' in next && next.member === member) next = await pull();
  }
}

/** Yields what a walk meets in each piece before it takes the next, so that no more than one is held. */
async function* eventsOf(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Event, void, undefined> {
  let events: Event[] = [];
  const walk = walkTar({
    onMember: (member) => events.push({ member }),
    onContent: (piece) => events.push({ piece }),
  });
  for await (const piece of pieces) {
    walk.push(piece);
    yield* events;
    events = [];
  }
  walk.end();
}
