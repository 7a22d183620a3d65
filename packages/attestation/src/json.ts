// SPDX-License-Identifier: Apache-2.0
import { type JsonLimits, parseStrictJson } from '@latticra/sbom';
import { type AttestationErrorCode, refuse } from './error.js';

/** The largest file of attestations that is read, in bytes: an SBOM of a whole system can be in one, in base64. */
export const MAX_ATTESTATION_BYTES = 96 * 1024 * 1024;

const LIMITS: JsonLimits = {
  bytes: MAX_ATTESTATION_BYTES,
  depth: 64,
  containers: 1_000_000,
  values: 2_000_000,
};

/** An object of JSON. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Parses JSON that has one meaning: JSON.parse takes the last of two members of one name. @throws AttestationError `not-json` */
export function readJson(bytes: Uint8Array, what: string): unknown {
  const found = parseStrictJson(bytes, LIMITS);
  if ('value' in found) return found.value;
  const where = found.pointer === '' ? '' : ` at ${found.pointer}`;
  throw refuse('not-json', `${what}${where}: ${found.message}`);
}

/** Reads members of one shape, and refuses others by their place; members that it is not asked for are passed over. */
export class Shape {
  readonly #code: AttestationErrorCode;
  readonly #value: JsonObject;
  /** Of this object, as `subject/0`; empty for the whole. */
  readonly place: string;

  constructor(value: unknown, code: AttestationErrorCode, place = '') {
    this.#code = code;
    this.place = place;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw refuse(code, `${place === '' ? 'the document' : place} is no object`);
    }
    this.#value = value as JsonObject;
  }

  get keys(): string[] {
    return Object.keys(this.#value);
  }

  /** Returns a member, or undefined where it is not there. */
  get(name: string): unknown {
    return Object.hasOwn(this.#value, name) ? this.#value[name] : undefined;
  }

  /** Returns a text that has to be there. */
  text(name: string): string {
    const found = this.get(name);
    return typeof found === 'string' ? found : this.bad(name, 'a text');
  }

  optionalText(name: string): string | undefined {
    return this.get(name) === undefined ? undefined : this.text(name);
  }

  /** Returns a list of texts; an empty one where it is not there. */
  texts(name: string): string[] {
    return this.list(name).map((each) =>
      typeof each === 'string' ? each : this.bad(name, 'a list of texts'),
    );
  }

  /** Returns a list; an empty one where it is not there. */
  list(name: string): readonly unknown[] {
    const found = this.get(name) ?? [];
    return Array.isArray(found) ? found : this.bad(name, 'a list');
  }

  shape(name: string): Shape {
    return new Shape(this.get(name), this.#code, this.at(name));
  }

  optionalShape(name: string): Shape | undefined {
    return this.get(name) === undefined ? undefined : this.shape(name);
  }

  shapes(name: string): Shape[] {
    return this.list(name).map((each, index) => new Shape(each, this.#code, `${this.at(name)}/${index}`));
  }

  /** Refuses a member. */
  bad(name: string, expected: string): never {
    throw refuse(this.#code, `${this.at(name)}: expected ${expected}`);
  }

  private at(name: string): string {
    return this.place === '' ? name : `${this.place}/${name}`;
  }
}
