// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';

/** Flags of a component of a symbolic link (RRIP 1.12, 4.1.3.1). */
const CONTINUES = 1;
const CURRENT = 2;
const PARENT = 4;
const ROOT = 8;

/** Puts the target of a symbolic link together from its SL entries (RRIP 1.12, 4.1.3). */
export class LinkTarget {
  readonly #what: string;
  readonly #names: string[] = [];
  #open: number[] | undefined;
  #any = false;

  /** @param what the record, for errors */
  constructor(what: string) {
    this.#what = what;
  }

  #corrupt(reason: string): ImageError {
    return new ImageError('corrupt', `${this.#what} is a symbolic link ${reason}`);
  }

  /** Takes the component area of one entry. @throws ImageError `corrupt` for components that do not fit it */
  add(area: DataView): void {
    this.#any = true;
    for (let at = 0; at < area.byteLength; ) {
      const flags = area.getUint8(at);
      const length = at + 1 < area.byteLength ? area.getUint8(at + 1) : area.byteLength;
      if (at + 2 + length > area.byteLength)
        throw this.#corrupt('with a component that does not fit its entry');
      this.#component(flags, new Uint8Array(area.buffer, area.byteOffset + at + 2, length));
      at += 2 + length;
    }
  }

  #component(flags: number, bytes: Uint8Array): void {
    if (this.#open && (flags & (ROOT | CURRENT | PARENT)) !== 0)
      throw this.#corrupt('with a name that breaks off');
    // The root is what an empty name is in a path; genisoimage writes it in the middle of one too.
    if ((flags & ROOT) !== 0) {
      this.#names.push('');
      return;
    }
    if ((flags & (CURRENT | PARENT)) !== 0) {
      this.#names.push((flags & PARENT) !== 0 ? '..' : '.');
      return;
    }
    const name = [...(this.#open ?? []), ...bytes];
    this.#open = (flags & CONTINUES) !== 0 ? name : undefined;
    if (this.#open) return;
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(name));
    if (text.includes('\0')) throw this.#corrupt('with a NUL in its target');
    this.#names.push(text);
  }

  /** Returns the target; undefined where there were no entries. @throws ImageError `corrupt` where it breaks off */
  end(): string | undefined {
    if (!this.#any) return undefined;
    if (this.#open) throw this.#corrupt('whose target breaks off');
    return this.#names.length === 1 && this.#names[0] === '' ? '/' : this.#names.join('/');
  }
}
