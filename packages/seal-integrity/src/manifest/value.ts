// SPDX-License-Identifier: Apache-2.0

/** The values that a manifest is made of: a small part of TOML. */
export type ManifestValue = string | number | boolean | readonly ManifestValue[];

/** Section name, `''` for what stands before the first one, to its keys and values. */
export type ManifestTables = ReadonlyMap<string, ReadonlyMap<string, ManifestValue>>;
