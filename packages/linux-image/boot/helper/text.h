// SPDX-License-Identifier: Apache-2.0
// Text of bounded length, and what there is of memory functions.
#ifndef TEXT_H
#define TEXT_H

#include "linux.h"

// A text that grows up to its room and is cut off there; `is_cut` says so. Always ends with a NUL.
struct text {
  char bytes[768];
  u32 length;
  int is_cut;
};

void clear(struct text *text);
void add(struct text *text, const char *more);
void add_number(struct text *text, u64 number);

int is_same(const void *a, const void *b, u64 length);
u64 length_of(const char *text);
void *memset(void *into, int value, u64 length);
void *memcpy(void *into, const void *from, u64 length);

// Puts a message of the helper's into the kernel's log, from where it goes to every console: `latticra: …`.
void say(const char *what, const char *about);
// Likewise for what went wrong, with the kernel's error where `error` is negative: `latticra: error: …`.
void fail(const char *what, const char *about, long error);

#endif
