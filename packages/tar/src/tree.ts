// SPDX-License-Identifier: Apache-2.0
import { type Problem, problem } from './error.js';
import { type PlainMember, type TarMemberType, TYPE_WORDS } from './member.js';
import { type ByteString, showName } from './name.js';
import { PathTable } from './path-table.js';

/** What is known of a path: nothing; a folder by what lies in it; or what a member said. */
const KIND = { none: 0, implied: 1, folder: 2, link: 3, other: 4 } as const;

const WORDS: Readonly<Record<number, string>> = {
  [KIND.implied]: 'a folder',
  [KIND.folder]: 'a folder',
  [KIND.link]: 'a symbolic link',
  [KIND.other]: 'no folder',
};

const LEAVE_OUT = 'leave one of the two out, and make it again from its folder';

/**
 * What an archive has unpacked to so far, as far as the order of its members decides what becomes of the next. A
 * tree that tar has walked never holds what is refused here; tars disagree about each of these, or fail.
 */
export class UnpackedTree {
  readonly #paths = new PathTable();
  /** What each folder was said to be, to compare where it is said again. */
  readonly #folders = new Map<number, string>();
  /** The folder that was entered last: its path with a slash behind it, and its number. It stays one. */
  #entered: { readonly path: ByteString; readonly at: number } = { path: '', at: PathTable.ROOT };

  /** Adds a member. Returns what is wrong with it, where something is. */
  add(member: PlainMember): Problem | undefined {
    const { path, type, target } = member;
    if (type === 'hard-link') {
      const wrong =
        path === target ? problem('is a hard link to itself', LEAVE_OUT) : this.#targetProblem(target ?? '');
      if (wrong !== undefined) return wrong;
    }
    const at = path === '.' ? PathTable.ROOT : this.#make(path);
    if (typeof at !== 'number') return at;
    const there = this.#paths.kindOf(at);
    if (type === 'folder') return this.#addFolder(at, there, member);
    if (there === KIND.none) {
      this.#paths.setKind(at, type === 'symbolic-link' ? KIND.link : KIND.other);
      return undefined;
    }
    return there === KIND.implied || there === KIND.folder
      ? problem(`is ${TYPE_WORDS[type]} where a folder stands already`, LEAVE_OUT)
      : stands(type);
  }

  #addFolder(
    at: number,
    there: number,
    { type, mode, uid, gid, mtime, xattrs }: PlainMember,
  ): Problem | undefined {
    if (there === KIND.link || there === KIND.other)
      return problem(`is a folder where ${WORDS[there]} stands already`, LEAVE_OUT);
    const said = [mode, uid, gid, mtime.seconds, mtime.nanoseconds, xattrs.size].join(' ');
    const before = this.#folders.get(at);
    // Said twice alike, as by tools that add the way to each file, it comes out alike.
    if (before !== undefined && (before !== said || xattrs.size > 0)) return stands(type);
    this.#folders.set(at, said);
    this.#paths.setKind(at, KIND.folder);
    return undefined;
  }

  /**
   * Makes what is not there on the way to a path and at it; a problem where it leads through something that is no folder.
   * What is in one folder stands together in most archives, and the way there is gone once.
   */
  #make(path: ByteString): number | Problem {
    const name = path.lastIndexOf('/') + 1;
    const { path: entered, at: there } = this.#entered;
    const folder = name === entered.length && path.startsWith(entered) ? there : this.#enter(path, name);
    if (typeof folder !== 'number') return folder;
    return this.#paths.isFull ? FULL : this.#paths.make(folder, path, name, path.length);
  }

  /** Goes down the folders of a path, up to where its last part begins. */
  #enter(path: ByteString, to: number): number | Problem {
    let at: number = PathTable.ROOT;
    for (let from = 0; from < to; ) {
      if (this.#paths.isFull) return FULL;
      const end = endOfPart(path, from);
      at = this.#paths.make(at, path, from, end);
      const kind = this.#paths.kindOf(at);
      if (kind === KIND.link || kind === KIND.other) return below(path.slice(0, end), kind);
      if (kind === KIND.none) this.#paths.setKind(at, KIND.implied);
      from = end + 1;
    }
    this.#entered = { path: path.slice(0, to), at };
    return at;
  }

  #targetProblem(target: ByteString): Problem | undefined {
    const is = `is a hard link to ${showName(target)}, which`;
    let at: number | undefined = PathTable.ROOT;
    for (let from = 0; from <= target.length && at !== undefined; ) {
      const kind = this.#paths.kindOf(at);
      if (at !== PathTable.ROOT && (kind === KIND.link || kind === KIND.other)) {
        const { reason, fix } = below(target.slice(0, from - 1), kind);
        return problem(`${is} ${reason}`, fix);
      }
      const end = endOfPart(target, from);
      at = this.#paths.find(at, target, from, end);
      from = end + 1;
    }
    const kind = at === undefined ? KIND.none : this.#paths.kindOf(at);
    if (kind === KIND.none) {
      return problem(
        `${is} is not in front of it`,
        'put the file in front of its links, and both into the archive, as tar does that is given the whole folder',
      );
    }
    if (kind === KIND.link)
      return problem(`${is} is a symbolic link`, 'make a symbolic link of its own of it');
    return kind === KIND.other ? undefined : problem(`${is} is a folder`, 'make a symbolic link of it');
  }
}

function endOfPart(path: ByteString, from: number): number {
  const end = path.indexOf('/', from);
  return end < 0 ? path.length : end;
}

const FULL = problem('is one of more members than a root file system has', 'split it into several');

const stands = (type: TarMemberType) =>
  problem(`is ${TYPE_WORDS[type]} that stands twice in the archive`, LEAVE_OUT);

function below(path: ByteString, kind: number): Problem {
  return problem(
    `lies below ${showName(path)}, which is ${WORDS[kind]}`,
    kind === KIND.link ? 'put it below the folder that the symbolic link points to' : LEAVE_OUT,
  );
}
