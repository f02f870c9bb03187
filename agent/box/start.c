// SPDX-License-Identifier: Apache-2.0
#include "box/start.h"

#include <stdlib.h>
#include <string.h>

/* In the order of ostler_job_facts, whose texts stand one behind the other. */
static const char *const kFacts[] = {
    "job_id",     "build_id",  "build_number",   "organization", "pipeline",          "step_key",
    "step_label", "branch",    "commit",         "host_name",    "agent_name",        "workspace",
    "scratch",    "resources", "host_directory", "parallel_job", "parallel_job_count"};
enum { kFirstFact = offsetof(ostler_job_facts_t, job_id) };
_Static_assert(sizeof kFacts / sizeof *kFacts * sizeof(ostler_text_t) ==
                   sizeof(ostler_job_facts_t) - kFirstFact,
               "each text has a name");

/* A name that this box does not know belongs to a later host. */
static void set_fact(ostler_job_facts_t *facts, ostler_text_t name, ostler_text_t value) {
  for (size_t i = 0; i < sizeof kFacts / sizeof *kFacts; ++i) {
    if (!box_equal(name, kFacts[i])) continue;
    memcpy((char *)facts + kFirstFact + i * sizeof value, &value, sizeof value);
  }
}

static char *kept(ostler_text_t text) {
  char *copy = strndup(text.data == NULL ? "" : text.data, text.size);
  if (copy == NULL) abort();
  return copy;
}

static void read_paths(struct box_start *start, struct box_payload *payload) {
  const size_t count = box_get(payload, 2);
  if (count > BOX_MOST_PATHS) payload->short_of_bytes = true;
  for (size_t i = 0; i < count && !payload->short_of_bytes; ++i) {
    const char *path = kept(box_get_text(payload));
    const ostler_text_t access = box_get_text(payload);
    start->paths[start->path_count++] =
        (struct landlock_path){path, box_equal(access, "write"), box_equal(access, "run")};
  }
}

/* The first texts of pairs, and how many they are. */
static size_t read_words(struct box_payload *payload, const char **words, size_t most) {
  const size_t count = box_get(payload, 2);
  if (count > most) payload->short_of_bytes = true;
  for (size_t i = 0; i < count && !payload->short_of_bytes; ++i) {
    words[i] = kept(box_get_text(payload));
    box_get_text(payload);
  }
  return count;
}

/* Where anything may lie. */
static ostler_text_t copy_of(ostler_text_t text) {
  char *copy = malloc(text.size + 1);
  if (copy != NULL && text.size > 0) memcpy(copy, text.data, text.size);
  return (ostler_text_t){copy, copy == NULL ? 0 : text.size};
}

bool box_receive_start(struct box_start *start) {
  struct box_payload payload;
  void *memory = NULL; /* kept: the facts and names point into it */
  memset(start, 0, sizeof *start);
  if (box_receive(&payload, &memory) != BOX_START) return false;
  if (box_get(&payload, 2) != BOX_PROTOCOL_MAJOR) return false;
  if (box_get(&payload, 2) != BOX_PROTOCOL_MINOR) return false;
  start->network = box_get(&payload, 1) != 0;
  start->facts.struct_size = sizeof start->facts;
  start->facts.attempt = (int32_t)box_get(&payload, 4);
  start->files[0] = kept(box_get_text(&payload));
  read_paths(start, &payload);
  read_words(&payload, start->services, BOX_MOST_SERVICES);
  const uint64_t count = box_get(&payload, 2);
  for (uint64_t i = 0; i < count && !payload.short_of_bytes; ++i) {
    const ostler_text_t name = box_get_text(&payload);
    set_fact(&start->facts, name, box_get_text(&payload));
  }
  start->filter = copy_of(box_get_text(&payload));
  read_words(&payload, start->command, BOX_MOST_WORDS);
  start->file_count = 1; /* an earlier host names no more */
  if (payload.size > 0)
    start->file_count += read_words(&payload, start->files + 1, BOX_MOST_FILES - 1);
  return !payload.short_of_bytes && start->filter.data != NULL;
}
