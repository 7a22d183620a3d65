// SPDX-License-Identifier: Apache-2.0
/** What both generators take, and how they refuse what would not make a project of this workspace. */
import { readJson } from '@nx/devkit';

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const LONGEST = { name: 50, text: 90 };

/**
 * Refuses a `name` that is taken or cannot be a folder, a package and a class.
 * @throws Error that says which name it is, and what takes it
 */
export function assertNewName(tree, name) {
  const refuse = (reason) => {
    throw new Error(`${JSON.stringify(name)}: ${reason}`);
  };
  if (typeof name !== 'string' || !NAME.test(name) || name.length > LONGEST.name) {
    refuse(
      `expected at most ${LONGEST.name} lower-case letters and digits, in words joined by -, such as disk-image`,
    );
  }
  for (const folder of projectFolders(tree)) {
    const { name: taken, bin = {} } = readJson(tree, `${folder}/package.json`);
    if (taken === `@latticra/${name}`) refuse(`${folder} is ${taken} already`);
    if (Object.hasOwn(bin, `latticra-${name}`)) refuse(`${folder} has a command latticra-${name} already`);
  }
  const changeset = changesetOf(name);
  for (const path of [`apps/${name}`, `packages/${name}`, `docs/${name}.md`, changeset]) {
    if (tree.exists(path)) refuse(`${path} exists already`);
  }
}

/** Refuses a floor that is not above everything that the first files of the project import. */
export function assertFloor(floor, least) {
  if (Number.isInteger(floor) && floor >= least && floor <= 9) return;
  throw new Error(`--floor ${floor}: expected a whole number from ${least} to 9, above what it imports`);
}

/**
 * Returns `text`; refuses one that is not plain enough for a string in TypeScript, a cell of Markdown and a
 * line of help.
 */
export function plainText(option, text) {
  if (/^[^\p{C}\p{Zl}\p{Zp}"`$|\\<>[\]]+$/u.test(text) && text.trim() === text && text.length <= LONGEST.text)
    return text;
  throw new Error(
    `--${option} ${JSON.stringify(text)}: expected one line of at most ${LONGEST.text} characters, without " \` $ | \\ < > [ ]`,
  );
}

/** Returns `text` as biome would write it in TypeScript. */
export function literal(text) {
  return text.includes("'") ? `"${text}"` : `'${text}'`;
}

/** Returns `DiskImage` for `disk-image`. */
export function pascalCase(name) {
  return name.replace(/(?:^|-)(.)/g, (_, first) => first.toUpperCase());
}

/** Returns a text with its first letter in upper case. */
export const capitalised = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** Returns the path of the changeset of a new project. */
export const changesetOf = (name) => `.changeset/new-${name}.md`;

function projectFolders(tree) {
  const folders = ['apps', 'packages', 'tools'].flatMap((kind) =>
    tree.children(kind).map((name) => `${kind}/${name}`),
  );
  return folders.filter((folder) => tree.exists(`${folder}/package.json`));
}
