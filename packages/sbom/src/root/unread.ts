// SPDX-License-Identifier: Apache-2.0

/** A database that is in a root, of a package manager whose databases are not read here. */
export interface UnreadDatabase {
  readonly manager: string;
  /** One of its files. */
  readonly path: string;
}

/**
 * The files by which such a database is known: those that the manager cannot do without, in the places where it and its
 * distributions have them.
 */
const DATABASES: readonly (readonly [manager: string, file: RegExp])[] = [
  // Fedora and openSUSE have moved it to /usr, ostree to /usr/share; Packages is of Berkeley DB, Packages.db of ndb.
  ['rpm', /^(?:var\/lib|usr\/lib\/sysimage|usr\/share)\/rpm\/(?:rpmdb\.sqlite|Packages(?:\.db)?)$/],
  ['pacman', /^var\/lib\/pacman\/local\/[^/]+\/desc$/],
  ['opkg', /^(?:usr|var)\/lib\/opkg\/status$/],
  ['portage', /^var\/db\/pkg\/[^/]+\/[^/]+\/CONTENTS$/],
  ['xbps', /^var\/db\/xbps\/pkgdb-[^/]+\.plist$/],
  ['nix', /^nix\/var\/nix\/db\/db\.sqlite$/],
  ['guix', /^var\/guix\/db\/db\.sqlite$/],
  ['pkgtools', /^var\/(?:lib\/pkgtools|log)\/packages\/[^/]+$/],
  ['snap', /^var\/lib\/snapd\/state\.json$/],
  ['flatpak', /^var\/lib\/flatpak\/(?:app|runtime)\/[^/]+\/[^/]+\/[^/]+\/[^/]+\/deploy$/],
];
/** What every one of these paths begins with: a root has a million others. */
const BEGINNING =
  /^(?:var\/(?:lib\/(?:rpm|pacman|opkg|pkgtools|snapd|flatpak)|db|guix|log\/packages)|usr\/(?:lib\/(?:sysimage|opkg)|share\/rpm)|nix\/var)\//;

/** Returns whose database a file of a root is of, by its path, where that database is not read here. */
export function unreadManager(path: string): string | undefined {
  if (!BEGINNING.test(path)) return undefined;
  return DATABASES.find(([, file]) => file.test(path))?.[0];
}
