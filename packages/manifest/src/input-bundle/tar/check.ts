// SPDX-License-Identifier: Apache-2.0
import { type Extensions, extend, isExtension } from './extension.js';
import { createFeed, type Feed, type Reader } from './feed.js';
import { BLOCK_BYTES, hasChecksum, isZeroBlock, readHeader, type TarHeader } from './header.js';
import { memberName, resolveMember, type TarMember } from './member.js';
import { showName } from './name.js';
import { readSparseMap } from './sparse.js';

/** What an archive was found to hold. */
export interface TarSummary {
  /** Files, folders, links and devices; headers that only extend another are not counted. */
  readonly members: number;
}

/** An archive that goes by. */
export interface TarCheck extends Feed<TarSummary> {
  /** What is being read, in words: for an error that comes from underneath. */
  where(): string;
}

/** No extended header that a tar writes for a file comes near this. */
const MAX_EXTENSION_BYTES = 1 << 20;

/**
 * Checks a tar archive from its first byte to its last while it goes by: every header, every length, the two
 * zero blocks at the end and nothing but zeros behind them; no member outside, and none that two readers could
 * take for two different things. Holds one block, or one extended header, at a time.
 *
 * @param refuse makes the error to throw, of a reason
 */
export function checkTar(refuse: (reason: string) => Error): TarCheck {
  let offset = 0;
  let place = 'the first header';

  function* take(bytes: number, keep: boolean): Reader<Uint8Array> {
    if (bytes === 0) return new Uint8Array(0);
    const supply = yield { bytes, keep };
    if (supply.missing > 0) throw refuse(`ends in ${place}, ${supply.missing} bytes too early`);
    offset += bytes;
    return supply.bytes;
  }

  function pad(bytes: number): Reader<Uint8Array> {
    return take((BLOCK_BYTES - (bytes % BLOCK_BYTES)) % BLOCK_BYTES, false);
  }

  function* readExtension(header: TarHeader, given: Extensions): Reader<Extensions> {
    const size = header.size ?? Number.POSITIVE_INFINITY;
    if (size > MAX_EXTENSION_BYTES) {
      throw refuse(`${place} is an extended header of over ${MAX_EXTENSION_BYTES} bytes`);
    }
    // Taken apart before the next bytes come: they may come in the same place.
    const extensions = extend(given, header.type, yield* take(size, true));
    if (typeof extensions === 'string') throw refuse(`${place} ${extensions}`);
    yield* pad(size);
    return extensions;
  }

  function* readContent({ size }: TarMember, type: string, block: Uint8Array): Reader<void> {
    const problem = type === 'S' ? yield* readSparseMap(block, size, take) : undefined;
    if (problem !== undefined) throw refuse(`${place} ${problem}`);
    yield* take(size, false);
    yield* pad(size);
  }

  /** The zero block at the end was read; the second and the padding follow. */
  function* readEnd(): Reader<void> {
    place = 'the end of the archive';
    if (!isZeroBlock(yield* take(BLOCK_BYTES, true))) throw refuse(`byte ${offset}: one zero block alone`);
    for (;;) {
      const { bytes, missing } = yield { bytes: BLOCK_BYTES, keep: true };
      if (bytes.length === 0) return;
      if (missing > 0) throw refuse(`ends in ${place}, ${missing} bytes too early`);
      if (!isZeroBlock(bytes)) {
        const what = hasChecksum(bytes) ? `member ${showName(readHeader(bytes).name)}` : 'something';
        throw refuse(`byte ${offset}: ${what} behind the end of the archive`);
      }
      offset += BLOCK_BYTES;
    }
  }

  function* read(): Reader<TarSummary> {
    let members = 0;
    let ahead: Extensions = {};
    for (;;) {
      const block = yield* take(BLOCK_BYTES, true);
      if (isZeroBlock(block)) break;
      if (!hasChecksum(block)) throw refuse(`byte ${offset - BLOCK_BYTES}: ${place} has a wrong checksum`);
      const header = readHeader(block);
      place = `member ${showName(memberName(header, ahead))}`;
      if (header.noNumber !== undefined) throw refuse(`${place} has ${header.noNumber} that is no number`);
      if (isExtension(header.type)) {
        ahead = yield* readExtension(header, ahead);
        continue;
      }
      const member = resolveMember(header, ahead);
      if (typeof member === 'string') throw refuse(`${place} ${member}`);
      yield* readContent(member, header.type, block);
      members++;
      ahead = {};
      place = `the header behind ${place}`;
    }
    if (Object.keys(ahead).length > 0) throw refuse(`${place} is an extended header of nothing`);
    if (members === 0) throw refuse('holds no members');
    yield* readEnd();
    return { members };
  }
  return { ...createFeed(read()), where: () => place };
}
