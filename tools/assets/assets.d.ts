// SPDX-License-Identifier: Apache-2.0
declare module '*.S' {
  const text: string;
  export default text;
}
declare module '*.toml' {
  const text: string;
  export default text;
}
declare module '*.bin' {
  const bytes: Uint8Array;
  export default bytes;
}
declare module '*.elf' {
  const bytes: Uint8Array;
  export default bytes;
}
declare module '*.wasm' {
  const bytes: Uint8Array;
  export default bytes;
}
declare module '*.md' {
  const text: string;
  export default text;
}
declare module '*?bundle' {
  const script: string;
  export default script;
}
declare module '*?sha256' {
  const hex: string;
  export default hex;
}
