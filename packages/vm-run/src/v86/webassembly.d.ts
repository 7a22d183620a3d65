// SPDX-License-Identifier: Apache-2.0
/** The part of WebAssembly's JavaScript API that Node has and its types, made without a DOM, leave out. */
declare namespace WebAssembly {
  type Imports = Record<string, Record<string, unknown>>;
  type Exports = Record<string, unknown>;
  function instantiate(
    bytes: Uint8Array,
    imports: Imports,
  ): Promise<{ readonly instance: { readonly exports: Exports } }>;
}
