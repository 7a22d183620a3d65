// SPDX-License-Identifier: Apache-2.0
import { SealError } from '../error.js';
import { parseManifest } from './parse.js';
import { SEAL_FILES, type SealManifest } from './schema.js';

/**
 * Writes a manifest, which {@link parseManifest} reads back the same.
 * @throws SealError `manifest` for values that no manifest can hold
 */
export function formatManifest(manifest: SealManifest): string {
  const identity = IDENTITY.map((key) => line(key, manifest.project[key])).join('');
  const text = `schema = "latticra.seal/v0.1"
format = "toml"
kind = "local-integrity-manifest"

[project]
${identity}
[seal]
mode = "local-integrity"
status = "unsigned"
algorithm = "sha256"
digest_encoding = "hex"
canonicalization = "relative-path + raw-bytes + unix-lf-preferred"
trust_boundary = "project-root"

[paths]
include = ["."]
# One * at most. A trailing / means a folder, a / inside a path from the root, else a name at any depth.
exclude = ${list(strings('paths.exclude', manifest.exclude))}

[policy]
require_readme = true
require_license = true
deny_private_keys = true
deny_env_files = true
deny_obvious_tokens = true
deny_large_binaries = false
${manifest.maxFileSizeMb === undefined ? '' : `max_file_size_mb = ${manifest.maxFileSizeMb}\n`}
[policy.required_files]
paths = ${list(strings('policy.required_files.paths', manifest.requiredFiles))}

[policy.deny_filenames]
patterns = ${list(strings('policy.deny_filenames.patterns', manifest.denyFilenames))}

[policy.deny_contents]
# The parts of each are joined, so that this file does not hold what it looks for.
pattern_parts = ${list(manifest.denyContents.map((parts) => `[${strings(PARTS, parts).join(', ')}]`))}

[report]
default_output = "${SEAL_FILES.report}"
hash_list_output = "${SEAL_FILES.hashList}"
legacy_smoke_output = "${SEAL_FILES.smokeReport}"
legacy_smoke_hash_list_output = "${SEAL_FILES.smokeHashList}"
include_file_list = true
include_policy_results = true
include_digest_summary = true

[proof]
manifest_hash = ""
root_hash = ""
signature_algorithm = ""
signature = ""
public_key = ""
`;
  parseManifest(Buffer.from(text));
  return text;
}

const IDENTITY = ['name', 'id', 'version', 'repository', 'license', 'description'] as const;
const PARTS = 'policy.deny_contents.pattern_parts';

function line(key: (typeof IDENTITY)[number], value: string | undefined): string {
  return value === undefined ? '' : `${key} = ${quote(`project.${key}`, value)}\n`;
}

function strings(place: string, texts: readonly string[]): string[] {
  return texts.map((text) => quote(place, text));
}

function quote(place: string, text: string): string {
  // There are no escapes to write these with, and what would end the string early must not start a key.
  if (/["\\\n]|\p{Surrogate}/u.test(text)) {
    throw new SealError(
      'manifest',
      `${place}: expected text without quotes, backslashes and line breaks, found ${JSON.stringify(text)}`,
    );
  }
  return `"${text}"`;
}

function list(elements: readonly string[]): string {
  return elements.length === 0 ? '[]' : `[\n${elements.map((element) => `  ${element},\n`).join('')}]`;
}
