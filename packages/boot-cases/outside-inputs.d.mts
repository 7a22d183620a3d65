// SPDX-License-Identifier: Apache-2.0

/**
 * Returns the folders in which firmware and its descriptors are looked for.
 * @param env default the process's
 */
export declare function firmwareFolders(env?: Readonly<Record<string, string | undefined>>): string[];

/** Returns whether a file of that name in one of these folders is firmware, or describes some. */
export declare function isFirmwareName(name: string): boolean;

/**
 * Returns `<sha256>  <path>` of all firmware in the folders and of what descriptors in them name, sorted by path.
 * @throws what Node throws where a folder or file is there and cannot be read
 */
export declare function firmwareSums(folders: readonly string[]): string[];
