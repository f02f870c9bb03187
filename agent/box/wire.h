// SPDX-License-Identifier: Apache-2.0
/* Frames on the box's socket: agent/docs/box-protocol.md has them byte by byte. */
#ifndef OSTLER_BOX_WIRE_H
#define OSTLER_BOX_WIRE_H

#include <ostler/abi.h>
#include <stdbool.h>

enum { BOX_SOCKET = 3, BOX_PROTOCOL_MAJOR = 0, BOX_PROTOCOL_MINOR = 2 };
enum {
  BOX_LONGEST_SENT = 256 << 10,   /* payload of a frame to the host */
  BOX_LONGEST_RECEIVED = 2 << 20, /* payload of a frame from the host */
  BOX_MOST_TEXTS = 0xffff,        /* of a list */
};

enum box_message {
  BOX_START = 64,
  BOX_GO = 65,
  BOX_CANCEL = 66,
  BOX_ANSWER = 67,
  BOX_CONFINED = 80,
  BOX_MAPPED = 81,
  BOX_LOG = 82,
  BOX_GROUP = 83,
  BOX_PROGRESS = 84,
  BOX_ASK = 85,
  BOX_RESULT = 86,
  BOX_CLEANUP = 87,
  BOX_ENDED = 88,
  BOX_FAULT = 89,
  BOX_CRASH = 90,
  BOX_RETURNED = 91,
};

ostler_text_t box_text(const char *text);
bool box_equal(ostler_text_t one, const char *other);

/* Sends a frame, after those that are being sent by other threads. Its fields are told by letters:
 * b a byte, w 4 bytes, q 8 (all as unsigned numbers of that width), t an ostler_text_t, l a pointer
 * to such and their count as an uint64_t (pairs, the second ones empty). False: it is too long, or
 * the host is gone. */
bool box_say(enum box_message type, const char *fields, ...);
/* The same from a signal handler, at most 512 bytes: gives up when another thread does not let it.
 */
bool box_say_from_handler(enum box_message type, const char *fields, ...);

/* A payload that is being read. Reading past its end gives zeros and sets `short_of_bytes`. */
struct box_payload {
  const unsigned char *bytes;
  size_t size;
  bool short_of_bytes;
};

uint64_t box_get(struct box_payload *payload, unsigned width);
/* Points into the payload. */
ostler_text_t box_get_text(struct box_payload *payload);

/* Receives a frame; returns its type, and its payload, with a NUL behind it, in memory that the
 * caller frees. -1: the host is gone or says what is no frame. */
int box_receive(struct box_payload *payload, void **memory);

#endif
