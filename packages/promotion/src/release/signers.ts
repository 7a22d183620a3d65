// SPDX-License-Identifier: Apache-2.0
import {
  authorise,
  keyIdentity,
  type Namespace,
  SignatureError,
  type SignerPolicy,
  type VerifiedSignature,
  verifySignature,
} from '@latticra/signature';
import type { Piece } from '../evidence/piece.js';
import { reasonFor } from '../evidence/reason.js';
import { lookOf } from './names.js';

/** Whose signature a piece has, or why it has none that counts: in a sentence. */
export type Signed =
  | { readonly by: VerifiedSignature; readonly problem: undefined }
  | { readonly by: undefined; readonly problem: string };

/** Verifies the signatures of pieces, each once. */
export class Signers {
  readonly #known = new Map<string, Signed>();
  readonly #policy: SignerPolicy | undefined;

  readonly #paths: ReadonlySet<string>;

  /**
   * @param policy undefined where no list of allowed signers was given: then nobody's signature counts
   * @param pieces all that lies there
   */
  constructor(policy: SignerPolicy | undefined, pieces: readonly Pick<Piece, 'path'>[]) {
    this.#policy = policy;
    this.#paths = new Set(pieces.map(({ path }) => path));
  }

  /** Whether anybody said whose signatures count. */
  get canTell(): boolean {
    return this.#policy !== undefined;
  }

  /** The time at which keys have to be valid; undefined where nobody's count. */
  get at(): Date | undefined {
    return this.#policy?.at;
  }

  /** Returns why the signature beside a piece is none of it, whoever may sign; undefined where it is, or there is none. */
  mismatch({ signature }: Piece): string | undefined {
    try {
      if (signature !== undefined) verifySignature(signature.signature, signature.digest);
      return undefined;
    } catch (error) {
      if (!(error instanceof SignatureError)) throw error;
      return `${signature?.path}: ${reasonFor(error)}`;
    }
  }

  /** Returns whose signature for a namespace lies beside a piece. */
  of(piece: Piece, namespace: Namespace): Signed {
    const key = `${namespace} ${piece.path}`;
    const signed = this.#known.get(key) ?? this.#verify(piece, namespace);
    this.#known.set(key, signed);
    return signed;
  }

  #verify({ path, signature }: Piece, namespace: Namespace): Signed {
    if (signature === undefined)
      return {
        by: undefined,
        problem: `${path} is not signed: ${path}.sig is ${this.#paths.has(`${path}.sig`) ? 'no signature' : 'not there'}`,
      };
    if (this.#policy === undefined)
      return {
        by: undefined,
        problem: `nobody is known whose signature of ${path} counts: --allowed-signers was not given`,
      };
    try {
      return {
        by: authorise(signature.signature, signature.digest, namespace, this.#policy),
        problem: undefined,
      };
    } catch (error) {
      return { by: undefined, problem: `${signature.path}: ${reasonFor(error)}` };
    }
  }
}

/** Who signed, as far as it matters whether two are one. */
type Person = Pick<VerifiedSignature, 'principal' | 'key'>;

/** Returns whether two signatures may be of one person: by a name that looks the same, or by one secret, however its key is written. */
export function mayBeOne(one: Person, other: Person): boolean {
  return lookOf(one.principal) === lookOf(other.principal) || keyIdentity(one.key) === keyIdentity(other.key);
}
