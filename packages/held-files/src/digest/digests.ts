// SPDX-License-Identifier: Apache-2.0

/** The SHA-256 of bytes that go by. */
export interface StreamDigest {
  /** Takes the next bytes: of a room, which is filled again once they were digested, or of anywhere, which are copied. */
  add(bytes: Uint8Array): void;
  /** Returns the digest: 64 lower-case hexadecimal digits. Waits for it. */
  end(): string;
}

/** The SHA-256 of an open file, of which as much as there is time for is read by whoever digests it, from when it was started. */
export interface FileDigest extends StreamDigest {
  /**
   * Ends its reading, waits for that, and returns how many bytes of the file are digested: those from there on are to be added. What
   * cannot be read ends it there: whoever adds the rest meets the reason.
   */
  reached(): number;
}

/** The SHA-256 of every block of 4096 bytes that goes by, with a salt in front of each. */
export interface BlocksDigest {
  /** Takes the next blocks, whole ones, as {@link StreamDigest.add} does; of one room once. */
  add(blocks: Uint8Array): void;
  /** Waits for the last ones. */
  end(): void;
}

/**
 * Returns the memory that is to be filled next, one MiB, after whatever was made of what it held before is done. What this
 * returned before is over then: nothing of it is added any more.
 */
export type Room = () => Uint8Array;

/** Digests that are made while this thread goes on with something else. */
export interface Digests {
  /** Two of them, for what is read and for what is written of it. */
  readonly rooms: readonly [Room, Room];
  /** Starts another digest. */
  stream(): StreamDigest;
  /** Starts the digest of a file that is open for reading, and stays open until it ends. */
  file(fd: number): FileDigest;
  /** Starts digests of blocks. @param take gets digests of 32 bytes, in order and all in the end, and has to be done with them when it returns */
  blocks(salt: Uint8Array, take: (digests: Uint8Array) => void): BlocksDigest;
}
