// SPDX-License-Identifier: Apache-2.0
/* What a box may no longer do once it is confined. */
#ifndef OSTLER_BOX_CONFINE_H
#define OSTLER_BOX_CONFINE_H

#include "box/start.h"

enum box_measure {
  BOX_HAS_SECCOMP = 1, /* without it nothing is mapped; the others are those of landlock.h */
};

/* Confines the calling thread and what it starts from now on. Call it while there is one thread.
 * False: `*failed` says which call failed, errno why. */
bool box_confine(const struct box_start *start, uint32_t *measures, const char **failed);

/* Executes what Start says, the only program that this process will ever start. Returns when that
 * did not work; errno says why. Call it after box_confine. */
void box_execute(const struct box_start *start);

#endif
