// SPDX-License-Identifier: Apache-2.0
/** The address of the repository in the manifests: the root's `repository` is the one that counts. */

/** Returns an address as a browser takes it, without `.git`. Throws for anything but https with a path. */
export function parseAddress(text) {
  const address = /^https:\/\/[a-z0-9.-]+(?::\d+)?(?:\/[A-Za-z0-9._~-]+){2,}$/.test(text) ? text : undefined;
  if (address === undefined || address.split('/').some((part) => /^\.+$/.test(part)))
    throw new Error(`${text}: expected the repository's address, such as https://host.example/owner/name`);
  return address.replace(/\.git$/, '');
}

/**
 * Returns a manifest with the fields that the address gives it, which npm shows and resolves the README's links by, or
 * without them where there is none.
 * @param folder the project's, relative to the root
 * @param address as `parseAddress` returns it
 */
export function withAddress(manifest, folder, address) {
  const { homepage, repository, bugs, ...rest } = manifest;
  if (address === undefined) return rest;
  const fields = {
    homepage: `${address}/tree/HEAD/${folder}#readme`,
    repository: { type: 'git', url: `git+${address}.git`, directory: folder },
    bugs: { url: `${address}/issues` },
  };
  // After the licence, where people look for them.
  return Object.fromEntries(
    Object.entries(rest).flatMap((entry) =>
      entry[0] === 'license' ? [entry, ...Object.entries(fields)] : [entry],
    ),
  );
}
