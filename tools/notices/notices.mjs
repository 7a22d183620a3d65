// SPDX-License-Identifier: Apache-2.0
/**
 * Whose code is in a bundle, by esbuild's account of what went into it (its metafile), and the notices that have to go
 * with it. The build writes them beside the bundle, and `pnpm pack-check` compares what would be published.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** The file beside a bundle. */
export const NOTICES = 'THIRD-PARTY-NOTICES';

/** Licenses whose terms a notice keeps. Any other needs a person to look at it first. */
const ALLOWED = new Set(['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT']);
/** Licenses that ask for no notice, and what stands in the place of their text where a package comes without. */
const WITHOUT_TERMS = new Map([
  ['CC0-1.0', 'Dedicated to the public domain: https://creativecommons.org/publicdomain/zero/1.0/legalcode'],
]);
const TERMS = /^(licen[cs]e|copying|notice)([.-].*)?$/i;

/**
 * Lists the npm packages of which there is code in a bundle, by name and version.
 * @param metafile of esbuild: `outputs` by file, with the bytes that each input left in it
 * @param cwd the folder that its paths start at
 * @throws Error for a package without name, version or license text, or under a license that is not allowed
 */
export function bundledPackages(metafile, cwd) {
  const roots = new Set();
  for (const { inputs } of Object.values(metafile.outputs)) {
    for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
      // A plugin's namespace stands before the path.
      const file = resolve(cwd, input.replace(/^[a-z-]{2,}:/, ''));
      if (bytesInOutput > 0 && file.includes('/node_modules/')) roots.add(packageRoot(file));
    }
  }
  const packages = [...roots].map(readPackage);
  const byName = new Map(packages.map((one) => [`${one.name} ${one.version}`, one]));
  return [...byName.keys()].sort().map((name) => byName.get(name));
}

/** Writes the notices of a bundle: every package with its license, and that license's text. */
export function formatNotices(bundle, packages) {
  const rule = '='.repeat(80);
  const about =
    packages.length === 0
      ? 'No code of others is in it.'
      : 'Code of the packages below is in it, each under its own license.';
  const notices = packages.map(
    ({ name, version, license, texts }) =>
      `\n${rule}\n${name} ${version} (${license})\n${rule}\n\n${texts.join('\n\n')}\n`,
  );
  return `Third-party notices of ${bundle}\n\n${about}\n${notices.join('')}`;
}

/** The folder of the package that a file is of: the package.json in `dist` that only says `module` is none. */
function packageRoot(file) {
  for (let folder = dirname(file); basename(folder) !== 'node_modules'; folder = dirname(folder)) {
    const { name, version } = readManifest(folder);
    if (name !== undefined && version !== undefined) return folder;
  }
  throw new Error(`${file}: is in no package with a name and a version`);
}

function readManifest(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return {};
    throw error;
  }
}

function readPackage(root) {
  const { name, version, license } = readManifest(root);
  const dedication = WITHOUT_TERMS.get(license);
  if (!ALLOWED.has(license) && dedication === undefined) {
    throw new Error(
      `${name} ${version}: is under ${license ?? 'no license'}, which tools/notices does not allow; look at it first`,
    );
  }
  const texts = readdirSync(root)
    .filter((file) => TERMS.test(file))
    .sort()
    .map((file) => readFileSync(join(root, file), 'utf8').trim().replaceAll('\r\n', '\n'))
    .filter((text) => text !== '');
  if (texts.length === 0 && dedication !== undefined) texts.push(dedication);
  if (texts.length === 0) throw new Error(`${name} ${version}: has no text of its license (${license})`);
  return { name, version, license, texts };
}
