// SPDX-License-Identifier: Apache-2.0

/** The values that a manifest is made of: a small part of TOML. */
export type ManifestValue = string | number | boolean | readonly ManifestValue[];

/** The keys and values of each section by its name, which is `''` for what stands before the first. */
export type ManifestTables = ReadonlyMap<string, ReadonlyMap<string, ManifestValue>>;
