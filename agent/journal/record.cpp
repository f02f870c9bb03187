// SPDX-License-Identifier: Apache-2.0
#include "journal/record.hpp"

#include "base/byte_codec.hpp"

namespace ostler::journal {
namespace {

std::string encode_pair(std::string_view first, std::string_view second) {
  ByteWriter bytes;
  bytes.put(first);
  bytes.put(second);
  return std::move(bytes).take();
}

Error too_short(std::string_view what) {
  return Error(Errc::Corrupt, "the payload of a " + std::string(what) + " record is damaged");
}

}  // namespace

std::string encode(const PhaseNote& note) { return encode_pair(note.name, note.json); }

std::string encode(const EventNote& note) { return encode_pair(note.kind, note.json); }

std::string encode(const LeaseNote& note) {
  ByteWriter bytes;
  bytes.put(note.until_ns);
  bytes.put(static_cast<std::uint8_t>(note.on_lost));
  bytes.put(static_cast<std::uint8_t>(note.lapsed));
  return std::move(bytes).take();
}

Result<PhaseNote> decode_phase(std::string_view payload) {
  PhaseNote note;
  ByteReader reader(payload);
  reader.get(note.name);
  reader.get(note.json);
  if (!reader.ok()) return too_short("phase");
  return note;
}

Result<EventNote> decode_event(std::string_view payload) {
  EventNote note;
  ByteReader reader(payload);
  reader.get(note.kind);
  reader.get(note.json);
  if (!reader.ok()) return too_short("event");
  return note;
}

Result<LeaseNote> decode_lease(std::string_view payload) {
  LeaseNote note;
  std::uint8_t on_lost = 0;
  std::uint8_t lapsed = 0;
  ByteReader reader(payload);
  reader.get(note.until_ns);
  reader.get(on_lost);
  reader.get(lapsed);
  if (!reader.ok() || on_lost > 1 || lapsed > 1) return too_short("lease");
  note.on_lost = static_cast<OnLeaseLost>(on_lost);
  note.lapsed = lapsed == 1;
  return note;
}

std::string notice_line(Timestamp at, std::string_view text) {
  std::string line = "\x1b_bk;t=" + std::to_string(at.micros / 1000) + "\a";
  return line.append("ostler: ").append(text).append("\r\n");
}

}  // namespace ostler::journal
