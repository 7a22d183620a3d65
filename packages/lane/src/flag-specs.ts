// SPDX-License-Identifier: Apache-2.0
interface FlagBase {
  /** One line for `--help`. */
  readonly help: string;
  /** A lane without it ends with exit code 64. */
  readonly required?: boolean;
  /** One letter that stands for it behind one dash. */
  readonly short?: string;
  /** A flag that takes no value, which people give this one's value: `version`. */
  readonly insteadOf?: string;
}

/**
 * A flag of a lane, by what it takes. The value of one that is an `operand` may stand alone, without the flag in front; several of
 * them are taken in their order.
 */
export type FlagSpec =
  /** A path of a file or folder; `placeholder` names it in `--help`. */
  | (FlagBase & {
      readonly value: 'path';
      readonly default?: string;
      readonly placeholder?: string;
      readonly operand?: boolean;
    })
  /** One path or more, behind one flag or behind one each; an empty list where there are none. */
  | (FlagBase & { readonly value: 'paths'; readonly placeholder?: string })
  /** One text or more, behind one flag each; an empty list where there are none. */
  | (FlagBase & {
      readonly value: 'texts';
      readonly placeholder?: string;
      /** Takes everything behind `--` as well, flags of others among it. At most one flag of a lane has this. */
      readonly rest?: boolean;
      /** The texts that there are, where they are known: what a shell offers. Another one is for the lane to refuse. */
      readonly known?: readonly string[];
    })
  | (FlagBase & {
      readonly value: 'text';
      readonly default?: string;
      readonly placeholder?: string;
      readonly operand?: boolean;
    })
  | (FlagBase & {
      readonly value: 'choice';
      readonly choices: readonly string[];
      readonly default?: string;
      readonly operand?: boolean;
    })
  | (FlagBase & {
      readonly value: 'integer';
      readonly default?: number;
      readonly min: number;
      readonly max: number;
    })
  /** Given or not given. */
  | (FlagBase & { readonly value: 'none' });

/** The flags of a lane by name, without the dashes, in the order `--help` lists them. */
export type FlagSpecs = Readonly<Record<string, FlagSpec>>;

type ValueOf<Spec extends FlagSpec> = Spec extends { readonly value: 'integer' }
  ? number
  : Spec extends { readonly value: 'none' }
    ? boolean
    : Spec extends { readonly value: 'paths' | 'texts' }
      ? readonly string[]
      : Spec extends { readonly choices: readonly (infer Choice)[] }
        ? Choice
        : string;

type Present<Spec extends FlagSpec> = Spec extends
  | { readonly value: 'none' | 'paths' | 'texts' }
  | { readonly required: true }
  ? ValueOf<Spec>
  : Spec extends { readonly default: string | number }
    ? ValueOf<Spec>
    : ValueOf<Spec> | undefined;

/** What was given, by name, typed by the specs: `undefined` where a flag is optional and has no default. */
export type FlagValues<Specs extends FlagSpecs> = { readonly [Name in keyof Specs]: Present<Specs[Name]> };

/** Returns whether the value of a flag may stand alone. */
export function isOperand(spec: FlagSpec): boolean {
  return 'operand' in spec && spec.operand === true;
}
