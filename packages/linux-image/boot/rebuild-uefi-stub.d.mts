// SPDX-License-Identifier: Apache-2.0
/** Assembles the stub in a private folder, and returns its bytes. Throws what a tool that fails does. */
export declare function buildUefiStub(): Uint8Array;
