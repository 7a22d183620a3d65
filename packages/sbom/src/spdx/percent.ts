// SPDX-License-Identifier: Apache-2.0

/**
 * Returns whether every `%` of a text begins an octet, `%XX` (RFC 3986, 2.1). Looked for apart from the characters: a pattern
 * that repeats a choice of both needs stack for each, and a text in an SBOM has up to 64 MiB.
 */
export const isPercentEncoded = (text: string): boolean => !/%(?![0-9A-Fa-f]{2})/.test(text);
