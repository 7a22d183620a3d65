// SPDX-License-Identifier: Apache-2.0
import { VmRunError } from '../error.js';

/** The memory of the embedded machine. */
export const GUEST_MEMORY_BYTES = 64 << 20;

/** Below lie the tables of the machine and v86's own Multiboot information, at 31 KiB. */
const LOWEST_ADDRESS = 1 << 20;
const MAGIC = 0x1badb002;
/** The header lies whole within this many bytes of the file (Multiboot 0.6.96, 3.1). */
const SEARCHED_BYTES = 8192;
/** Flags of the header that a loader has to fulfil or to refuse, and those that v86 fulfils (3.1.2). */
const REQUIRED_FLAGS = 0xffff;
const FULFILLED_FLAGS = 0b11;
/** The header itself says where everything goes, whatever format the file has. */
const ADDRESS_FLAG = 1 << 16;

/** Bytes of the file that go to a place in memory; what `memory` exceeds `bytes` by is zeros. */
interface Piece {
  readonly what: string;
  readonly offset: number;
  readonly bytes: number;
  readonly address: number;
  readonly memory: number;
  /** The address that the entry of an ELF file is linked for. */
  readonly linked: number;
}

/**
 * Refuses a kernel that v86 cannot load, before it meets v86: that checks next to nothing itself, and fails in ways of
 * its own.
 * @param path the image, for messages
 * @throws VmRunError `no-kernel`
 */
export function assertLoadable(path: string, kernel: Uint8Array): void {
  const problem = loadProblem(kernel);
  if (problem === undefined) return;
  throw new VmRunError('no-kernel', `${path}: v86 cannot load its kernel: ${problem}`, {
    fix: 'boot it in QEMU',
  });
}

/** Returns what is in the way of loading a kernel by Multiboot 1; undefined where nothing is. */
export function loadProblem(kernel: Uint8Array): string | undefined {
  const view = new DataView(kernel.buffer, kernel.byteOffset, kernel.byteLength);
  const at = findHeader(view);
  if (at === undefined) return 'it has no Multiboot 1 header in its first 8 KiB';
  const flags = view.getUint32(at + 4, true);
  const wanted = flags & REQUIRED_FLAGS & ~FULFILLED_FLAGS;
  if (wanted !== 0) {
    return `its Multiboot 1 header asks for what is not given here, by flags 0x${wanted.toString(16)}`;
  }
  const plan = (flags & ADDRESS_FLAG) === 0 ? readElf(view) : readAddresses(view, at);
  if (typeof plan === 'string') return plan;
  const { pieces, entry } = plan;
  for (const piece of pieces) {
    const problem = pieceProblem(piece, kernel.length);
    if (problem !== undefined) return problem;
  }
  if (pieces.some(({ linked, memory }) => entry >= linked && entry < linked + memory)) return undefined;
  return `its entry 0x${entry.toString(16)} lies in nothing that is loaded`;
}

function findHeader(view: DataView): number | undefined {
  const end = Math.min(view.byteLength, SEARCHED_BYTES);
  for (let at = 0; at + 12 <= end; at += 4) {
    if (view.getUint32(at, true) !== MAGIC) continue;
    const sum = MAGIC + view.getUint32(at + 4, true) + view.getUint32(at + 8, true);
    if (sum % 2 ** 32 === 0) return at;
  }
  return undefined;
}

function pieceProblem({ what, offset, bytes, address, memory }: Piece, size: number): string | undefined {
  if (offset < 0 || bytes < 0 || offset + bytes > size) {
    return `${what} names ${bytes} bytes at ${offset}, the file has ${size}`;
  }
  if (bytes > memory) return `${what} has ${bytes} bytes for ${memory} in memory`;
  if (address < LOWEST_ADDRESS || address + memory >= GUEST_MEMORY_BYTES) {
    return `${what} goes to 0x${address.toString(16)} with ${memory} bytes, not between 1 and 64 MiB`;
  }
  return undefined;
}

type Plan = { readonly pieces: readonly Piece[]; readonly entry: number };

/** Reads the address fields of a header at `at` (Multiboot 0.6.96, 3.1.3). */
function readAddresses(view: DataView, at: number): Plan | string {
  if (at + 32 > view.byteLength) return 'its Multiboot 1 header lacks the addresses that it announces';
  const word = (index: number) => view.getUint32(at + 4 * index, true);
  const [header, load, loadEnd, bssEnd, entry] = [word(3), word(4), word(5), word(6), word(7)];
  const offset = at - (header - load);
  const bytes = loadEnd === 0 ? view.byteLength - offset : loadEnd - load;
  const memory = bssEnd === 0 ? bytes : bssEnd - load;
  const what = 'its Multiboot 1 header';
  return { entry, pieces: [{ what, offset, bytes, memory, address: load, linked: load }] };
}

const PT_LOAD = 1;
/** Fields of an ELF header that v86 takes for granted: place, bytes, name, value (System V ABI, chapter 4). */
const ELF_FIELDS = [
  [0, 4, 'magic', 0x464c457f],
  [4, 1, 'class', 1],
  [5, 1, 'byte order', 1],
  [6, 1, 'version of the identification', 1],
  [16, 2, 'type', 2],
  [18, 2, 'machine', 3],
  [20, 4, 'version', 1],
  [40, 2, 'size', 52],
  [42, 2, 'size of a program header', 32],
  [46, 2, 'size of a section header', 40],
] as const;
const ELF_HEADER_BYTES = 52;

/** Reads what an ELF file loads: 32 bits, for the 80386. */
function readElf(view: DataView): Plan | string {
  if (view.byteLength < ELF_HEADER_BYTES) return 'its ELF header is cut off';
  const field = (at: number, bytes: 1 | 2 | 4) =>
    ({ 1: () => view.getUint8(at), 2: () => view.getUint16(at, true), 4: () => view.getUint32(at, true) })[
      bytes
    ]();
  for (const [at, bytes, name, expected] of ELF_FIELDS) {
    const found = field(at, bytes);
    if (found !== expected) return `its ELF header has ${name} ${found}, expected ${expected}`;
  }
  const [programs, sections] = [field(28, 4), field(32, 4)];
  const [programCount, sectionCount] = [field(44, 2), field(48, 2)];
  if (programs + 32 * programCount > view.byteLength) {
    return `its ${programCount} program headers at ${programs} pass the end of the file`;
  }
  if (sections + 40 * sectionCount > view.byteLength) {
    return `its ${sectionCount} section headers at ${sections} pass the end of the file`;
  }
  const pieces: Piece[] = [];
  for (let index = 0; index < programCount; index++) {
    const at = programs + 32 * index;
    const [type, offset, linked, address, bytes, memory] = [0, 4, 8, 12, 16, 20].map((more) =>
      view.getUint32(at + more, true),
    ) as [number, number, number, number, number, number];
    if (type !== PT_LOAD) continue;
    pieces.push({ what: `its program header ${index}`, offset, bytes, address, memory, linked });
  }
  return { pieces, entry: field(24, 4) };
}
