// SPDX-License-Identifier: Apache-2.0
import { GET_AGAIN, MAKE_AGAIN, type Problem, TarError } from './error.js';
import { type Extensions, extend, isExtension } from './extension.js';
import { createFeed, type Demand, type Feed, type Reader } from './feed.js';
import {
  BLOCK_BYTES,
  hasChecksum,
  isZeroBlock,
  paddingOf,
  readHeader,
  readSummedHeader,
  type TarHeader,
} from './header.js';
import { memberName, numberProblem, type PlainMember, resolveMember, type TarMember } from './member.js';
import { type ByteString, showName } from './name.js';
import { pathIn } from './pax.js';
import { readGnuSparse, readPaxSparse, type SparseMap, sparseProblem } from './sparse.js';
import { UnpackedTree } from './tree.js';

/** What an archive was found to hold. */
export interface TarSummary {
  /** Files, folders, links and devices; headers that only extend another are not counted. */
  readonly members: number;
}

/** Whoever looks at an archive that goes by. What it throws comes out of the push that it threw in. */
export interface TarVisitor {
  /**
   * Takes note of each member, in order; its content follows. Whether the archive is sound is known at its end only.
   */
  onMember?(member: TarMember): void;
  /** Returns whether the content of the last member is looked at; it is, unless this says otherwise. */
  wantsContent?(): boolean;
  /** Takes the stored content of that member, piece by piece; the bytes are good until it returns. */
  onContent?(piece: Uint8Array): void;
  /**
   * Takes all that is no content and pads none, in order: headers with what extends them, maps of sparse files, and the end.
   * The bytes are good until it returns.
   */
  onHeader?(bytes: Uint8Array): void;
}

/** An archive that goes by. */
export interface TarWalk extends Feed<TarSummary> {
  /** Tells what is being read, in words: for an error that comes from underneath. */
  where(): string;
}

const BLOCK: Demand = { bytes: BLOCK_BYTES, to: 'keep' };
const NOTHING_AHEAD: Extensions = {};

/** No extended header that a tar writes for a file comes near this. */
const MAX_EXTENSION_BYTES = 1 << 20;

/**
 * Reads a tar archive from its first byte to its last while it goes by: every header, every length, the two zero
 * blocks at the end and nothing but zeros behind them; no member outside, and none that tars unpack differently.
 * Holds one block, extended header or sparse map at a time, and of each member its path (some fifty bytes).
 *
 * `push` and `end` throw {@link TarError}: `damaged`, `refused`.
 */
export function walkTar(visitor: TarVisitor = {}): TarWalk {
  const tree = new UnpackedTree();
  let offset = 0;
  /** What is being read, and of which member: put into words only where it is told. */
  let part: 'first' | 'member' | 'behind' | 'end' = 'first';
  let name = '';
  const place = () => {
    if (part === 'first') return 'the first header';
    if (part === 'end') return 'the end of the archive';
    return part === 'member' ? `member ${showName(name)}` : `the header behind member ${showName(name)}`;
  };
  const damaged = (reason: string) => new TarError('damaged', reason, { fix: GET_AGAIN });
  const refuse = (problem: string | Problem) => {
    const { reason, fix } = typeof problem === 'string' ? { reason: problem, fix: MAKE_AGAIN } : problem;
    return new TarError('refused', `${place()} ${reason}`, { fix });
  };

  function* take(bytes: number, to: Demand['to'] = 'keep'): Reader<Uint8Array> {
    if (bytes === 0) return new Uint8Array(0);
    const supply = yield { bytes, to };
    if (supply.missing > 0) throw damaged(`ends in ${place()}, ${supply.missing} bytes too early`);
    offset += bytes;
    if (to === 'keep') visitor.onHeader?.(supply.bytes);
    return supply.bytes;
  }

  /** Passes over content and what pads it. Where the archive ends in it, the message counts the content alone. */
  function* skip(content: number, behind: number): Reader<void> {
    if (content + behind === 0) return;
    const { missing } = yield { bytes: content + behind, to: 'skip' };
    if (missing > 0)
      throw damaged(`ends in ${place()}, ${missing > behind ? missing - behind : missing} bytes too early`);
    offset += content + behind;
  }

  function* readExtension(header: TarHeader, given: Extensions): Reader<Extensions> {
    const problem = numberProblem(header);
    if (problem !== undefined) throw refuse(problem);
    const { size = 0 } = header;
    if (size > MAX_EXTENSION_BYTES) {
      throw refuse(`is an extended header of over ${MAX_EXTENSION_BYTES} bytes`);
    }
    // Taken apart before the next bytes come: they may come in the same place.
    const body = yield* take(size);
    const extensions = extend(given, header.type, body);
    if (typeof extensions === 'string' || 'reason' in extensions) {
      if (header.type !== 'g') yield* nameBehind(pathIn(body), paddingOf(size));
      throw refuse(extensions);
    }
    yield* take(paddingOf(size));
    return extensions;
  }

  /** Goes on to what an extended header is about, where that can be told: its own name is of no file. */
  function* nameBehind(own: ByteString | undefined, padding: number): Reader<void> {
    if (own !== undefined) {
      name = own;
      return;
    }
    const { bytes, missing } = yield { bytes: padding + BLOCK_BYTES, to: 'keep' };
    const block = bytes.subarray(padding);
    if (missing === 0 && hasChecksum(block) && !isExtension(readHeader(block).type))
      name = readHeader(block).name;
  }

  function* readSparse(
    block: Uint8Array,
    { type }: TarHeader,
    { pax }: Extensions,
    stored: number,
  ): Reader<SparseMap | undefined> {
    const records = pax?.sparse ?? [];
    if (records.length > 0 && (type === 'S' || /^[1-7]$/.test(type))) {
      throw refuse('has the records of a sparse file, and is none of theirs');
    }
    const map =
      type === 'S' ? yield* readGnuSparse(block, take) : yield* readPaxSparse(records, stored, take);
    const problem = typeof map === 'string' ? map : sparseProblem(map, stored);
    if (problem !== undefined) throw refuse(problem);
    return typeof map === 'string' ? undefined : map;
  }

  /** Puts a member together, and has it take its place. */
  function admit(header: TarHeader, ahead: Extensions): PlainMember {
    const member = resolveMember(header, ahead);
    if (typeof member === 'string') throw refuse(member);
    const problem = tree.add(member);
    if (problem !== undefined) throw refuse(problem);
    return member;
  }

  /** Shows a member whose content, of that many bytes, comes next. */
  function show(
    member: PlainMember,
    map: SparseMap | undefined,
    stored: number,
    start: number,
    at: number,
  ): void {
    visitor.onMember?.({
      path: member.path,
      type: member.type,
      mode: member.mode,
      uid: member.uid,
      gid: member.gid,
      uname: member.uname,
      gname: member.gname,
      mtime: member.mtime,
      size: map?.realSize ?? member.size,
      storedSize: stored,
      sparse: map?.runs,
      target: member.target,
      device: member.device,
      xattrs: member.xattrs,
      places: { start, header: at, content: offset, end: offset + stored + paddingOf(member.size) },
    });
  }

  function* readSparseMember(
    block: Uint8Array,
    header: TarHeader,
    ahead: Extensions,
    start: number,
  ): Reader<void> {
    const at = offset - BLOCK_BYTES;
    const member = admit(header, ahead);
    const map = yield* readSparse(block, header, ahead, member.size);
    const stored = member.size - (map?.mapBytes ?? 0);
    show(member, map, stored, start, at);
    yield* readContent(member, stored);
  }

  function* readContent(member: PlainMember, stored: number): Reader<void> {
    if (visitor.onContent === undefined || visitor.wantsContent?.() === false) {
      // The padding with it, so that whoever can seek goes to the next header at once.
      yield* skip(stored, paddingOf(member.size));
      return;
    }
    yield* take(stored, (piece) => visitor.onContent?.(piece));
    yield* take(paddingOf(member.size), 'skip');
  }

  /** Reads the rest of the end: the first zero block was read; the second and the padding follow. */
  function* readEnd(): Reader<void> {
    part = 'end';
    if (!isZeroBlock(yield* take(BLOCK_BYTES))) throw damaged(`byte ${offset}: one zero block alone`);
    for (;;) {
      const { bytes, missing } = yield { bytes: BLOCK_BYTES, to: 'keep' };
      if (bytes.length === 0) return;
      if (missing > 0) throw damaged(`ends in ${place()}, ${missing} bytes too early`);
      if (!isZeroBlock(bytes)) {
        const what = hasChecksum(bytes) ? `member ${showName(readHeader(bytes).name)}` : 'something';
        throw damaged(`byte ${offset}: ${what} behind the end of the archive`);
      }
      offset += BLOCK_BYTES;
      visitor.onHeader?.(bytes);
    }
  }

  function* read(): Reader<TarSummary> {
    let members = 0;
    let ahead: Extensions = NOTHING_AHEAD;
    let start: number | undefined;
    for (;;) {
      // Taken here, and members that are as most are shown here: a reader of its own for each part of millions takes as long as all else.
      const { bytes: block, missing } = yield BLOCK;
      if (missing > 0) throw damaged(`ends in ${place()}, ${missing} bytes too early`);
      offset += BLOCK_BYTES;
      visitor.onHeader?.(block);
      if (isZeroBlock(block)) break;
      const header = readSummedHeader(block);
      if (header === undefined)
        throw damaged(`byte ${offset - BLOCK_BYTES}: ${place()} has a wrong checksum`);
      start ??= offset - BLOCK_BYTES;
      name = memberName(header, ahead);
      part = 'member';
      if (isExtension(header.type)) {
        ahead = yield* readExtension(header, ahead);
        continue;
      }
      if (header.type === 'S' || (ahead.pax !== undefined && ahead.pax.sparse.length > 0)) {
        yield* readSparseMember(block, header, ahead, start);
      } else {
        const member = admit(header, ahead);
        show(member, undefined, member.size, start, offset - BLOCK_BYTES);
        if (member.size > 0) yield* readContent(member, member.size);
      }
      members++;
      ahead = NOTHING_AHEAD;
      start = undefined;
      part = 'behind';
    }
    if (Object.keys(ahead).length > 0) throw refuse('is an extended header of nothing');
    if (members === 0) throw damaged('holds no members');
    yield* readEnd();
    return { members };
  }
  return { ...createFeed(read()), where: place };
}
