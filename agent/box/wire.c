// SPDX-License-Identifier: Apache-2.0
#include "box/wire.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { HEADER = 8, HANDLER_PATIENCE = 20 /* times 10 ms */ };

static pthread_mutex_t sending = PTHREAD_MUTEX_INITIALIZER;

ostler_text_t box_text(const char *text) {
  return (ostler_text_t){text, text == NULL ? 0 : strlen(text)};
}

bool box_equal(ostler_text_t one, const char *other) {
  return one.size == strlen(other) && memcmp(one.data, other, one.size) == 0;
}

/* A frame that is being made. `size` counts on beyond what there is room for. */
struct frame {
  unsigned char *bytes;
  size_t size;
  size_t capacity;
};

static void put(struct frame *frame, uint64_t value, unsigned width) {
  for (unsigned i = 0; i < width; ++i, ++frame->size)
    if (frame->size < frame->capacity) frame->bytes[frame->size] = (unsigned char)(value >> 8 * i);
}

/* A text that no frame can hold counts as one that just does not fit. */
static void put_text(struct frame *frame, ostler_text_t text) {
  put(frame, text.size, sizeof(uint32_t));
  const size_t size = text.size <= BOX_LONGEST_SENT ? text.size : BOX_LONGEST_SENT + 1;
  const bool fits = frame->size + size <= frame->capacity;
  if (fits && size > 0) memcpy(frame->bytes + frame->size, text.data, size);
  frame->size += size;
}

static void put_list(struct frame *frame, const ostler_text_t *texts, uint64_t count) {
  if (count > BOX_MOST_TEXTS) frame->size = HEADER + BOX_LONGEST_SENT;
  put(frame, count, 2);
  for (uint64_t i = 0; i < count && frame->size <= HEADER + BOX_LONGEST_SENT; ++i) {
    put_text(frame, texts[i]);
    put_text(frame, (ostler_text_t){NULL, 0});
  }
}

static bool make(struct frame *frame, enum box_message type, const char *fields, va_list values) {
  put(frame, 0, 4);
  put(frame, type, 4);
  for (; *fields != '\0'; ++fields) {
    const ostler_text_t *texts = *fields == 'l' ? va_arg(values, const ostler_text_t *) : NULL;
    switch (*fields) {
      case 'b': put(frame, va_arg(values, unsigned), 1); break;
      case 'w': put(frame, va_arg(values, uint32_t), 4); break;
      case 'q': put(frame, va_arg(values, uint64_t), 8); break;
      case 'l': put_list(frame, texts, va_arg(values, uint64_t)); break;
      default: put_text(frame, va_arg(values, ostler_text_t)); break;
    }
  }
  for (unsigned i = 0; i < 4; ++i)
    frame->bytes[i] = (unsigned char)((frame->size - HEADER) >> 8 * i);
  return frame->size <= frame->capacity;
}

static bool send_all(const unsigned char *bytes, size_t size) {
  while (size > 0) {
    const ssize_t sent = send(BOX_SOCKET, bytes, size, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes += sent;
    size -= (size_t)sent;
  }
  return true;
}

bool box_say(enum box_message type, const char *fields, ...) {
  unsigned char few[1024];
  struct frame frame = {few, 0, sizeof few};
  va_list values;
  va_start(values, fields);
  bool sent = make(&frame, type, fields, values);
  va_end(values);
  if (!sent && frame.size <= HEADER + BOX_LONGEST_SENT) {
    frame = (struct frame){malloc(frame.size), 0, frame.size};
    va_start(values, fields);
    sent = frame.bytes != NULL && make(&frame, type, fields, values);
    va_end(values);
  }
  pthread_mutex_lock(&sending);
  sent = sent && send_all(frame.bytes, frame.size);
  pthread_mutex_unlock(&sending);
  if (frame.bytes != few) free(frame.bytes);
  return sent;
}

/* The thread that crashed holds no lock: memory of the plugin is read before one is taken. */
bool box_say_from_handler(enum box_message type, const char *fields, ...) {
  unsigned char few[512];
  struct frame frame = {few, 0, sizeof few};
  va_list values;
  va_start(values, fields);
  bool sent = make(&frame, type, fields, values);
  va_end(values);
  for (int i = 0; pthread_mutex_trylock(&sending) != 0; ++i) {
    if (i == HANDLER_PATIENCE) return false;
    nanosleep(&(struct timespec){.tv_nsec = 10 * 1000 * 1000}, NULL);
  }
  sent = sent && send_all(frame.bytes, frame.size);
  pthread_mutex_unlock(&sending);
  return sent;
}

uint64_t box_get(struct box_payload *payload, unsigned width) {
  if (payload->size < width) {
    payload->short_of_bytes = true;
    payload->size = 0;
    return 0;
  }
  uint64_t value = 0;
  for (unsigned i = 0; i < width; ++i) value |= (uint64_t)payload->bytes[i] << (8 * i);
  payload->bytes += width;
  payload->size -= width;
  return value;
}

ostler_text_t box_get_text(struct box_payload *payload) {
  const uint64_t size = box_get(payload, sizeof(uint32_t));
  if (size > payload->size) {
    payload->short_of_bytes = true;
    return (ostler_text_t){NULL, 0};
  }
  const ostler_text_t text = {(const char *)payload->bytes, size};
  payload->bytes += size;
  payload->size -= size;
  return text;
}

static bool receive_all(unsigned char *bytes, size_t size) {
  while (size > 0) {
    const ssize_t got = recv(BOX_SOCKET, bytes, size, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    bytes += got;
    size -= (size_t)got;
  }
  return true;
}

int box_receive(struct box_payload *payload, void **memory) {
  unsigned char header[HEADER];
  if (!receive_all(header, sizeof header)) return -1;
  struct box_payload fields = {header, sizeof header, false};
  const uint64_t size = box_get(&fields, 4);
  const int type = (int)box_get(&fields, 2);
  if (size > BOX_LONGEST_RECEIVED || box_get(&fields, 2) != 0) return -1;
  *memory = malloc(size + 1);
  if (*memory == NULL || !receive_all(*memory, size)) {
    free(*memory);
    return -1;
  }
  ((char *)*memory)[size] = '\0';
  *payload = (struct box_payload){*memory, size, false};
  return type;
}
