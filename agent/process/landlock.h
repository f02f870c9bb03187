// SPDX-License-Identifier: Apache-2.0
/* Rules of Landlock, and capabilities, for a process that is about to run what others wrote. In C:
 * the box is, and between vfork and exec nothing else may run. */
#ifndef OSTLER_PROCESS_LANDLOCK_H
#define OSTLER_PROCESS_LANDLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum landlock_measure {
  LANDLOCKS_FILES = 2,
  LANDLOCKS_TCP = 4,    /* without network */
  LANDLOCKS_SCOPES = 8, /* signals and abstract sockets */
};

struct landlock_path {
  const char *path; /* ended by NUL; one that is not there needs no right */
  bool writable;
  bool runs; /* may be executed */
};

/* Makes rules that leave the paths and nothing else, and, unless `network`, no TCP; a descriptor
 * for landlock_obey(). `measures` gets what this kernel can hold of it. -1: errno says why; ENOSYS
 * or EOPNOTSUPP: this kernel has no Landlock. */
int landlock_make(const struct landlock_path *paths, size_t count, bool network,
                  uint32_t *measures);

/* Has the calling thread, and what it starts from now on, obey the rules. PR_SET_NO_NEW_PRIVS must
 * be set. Only system calls: may be called between vfork and exec. */
bool landlock_obey(int rules);

/* Gives up the capabilities of the calling thread but those over files: rules bound these, and a
 * workspace may belong to many users. Only system calls. */
bool keep_file_capabilities(void);

#ifdef __cplusplus
}
#endif

#endif
