// SPDX-License-Identifier: Apache-2.0
// The disk or CD that holds the root.
#ifndef MEDIUM_H
#define MEDIUM_H

#include "linux.h"

// What the root is recognised by, and where to look.
struct sought {
  // Bytes from the beginning of the root to the mark, the mark, and from there to the UUID.
  u64 mark_offset;
  const char *mark;
  u32 mark_size;
  u32 uuid_offset;
  u8 uuid[16];
};

struct medium {
  // As the device mapper takes it: "8:0".
  char device[32];
  char name[64];
  // Of 512 bytes, where the root begins.
  u64 sector;
};

// Waits for a whole disk or CD on which the mark and the UUID are found behind one of the configured sectors. Returns 0,
// or -1 when none came within a minute, or the kernel's error when it could not be looked for.
long find_medium(const struct sought *sought, struct medium *medium);

#endif
