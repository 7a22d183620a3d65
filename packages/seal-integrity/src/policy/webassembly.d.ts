// SPDX-License-Identifier: Apache-2.0
/** The part of WebAssembly's JavaScript API that Node has and its types, made without a DOM, leave out. */
declare namespace WebAssembly {
  class Memory {
    readonly buffer: ArrayBuffer;
    constructor(descriptor: { readonly initial: number });
  }
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    readonly exports: Readonly<Record<string, unknown>>;
    constructor(module: Module, imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>);
  }
}
