// SPDX-License-Identifier: Apache-2.0
#include "net/server_events.hpp"

#include <utility>

namespace ostler::net {

std::string encode_server_event(const ServerEvent& event) {
  std::string text;
  if (!event.id.empty()) text += "id: " + event.id + "\n";
  if (!event.name.empty()) text += "event: " + event.name + "\n";
  std::string_view left = event.data;
  for (bool more = true; more;) {
    const std::size_t end = left.find('\n');
    text.append("data: ").append(left.substr(0, end)).append("\n");
    more = end != left.npos;
    if (more) left.remove_prefix(end + 1);
  }
  return text + "\n";
}

std::vector<ServerEvent> ServerEventReader::feed(std::string_view bytes) {
  std::vector<ServerEvent> events;
  for (const char c : bytes) {
    const bool ends_return = std::exchange(after_return_, c == '\r') && c == '\n';
    if (ends_return) continue;
    if (c == '\r' || c == '\n') {
      end_line(events);
    } else if (line_.size() + event_.data.size() < kLargestEvent) {
      line_ += c;
    } else {
      is_too_large_ = true;
    }
  }
  return events;
}

void ServerEventReader::end_line(std::vector<ServerEvent>& events) {
  const std::string line = std::exchange(line_, {});
  if (!line.empty()) {
    const std::size_t colon = line.find(':');
    std::string_view value =
        colon == line.npos ? std::string_view() : std::string_view(line).substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    return take_field(std::string_view(line).substr(0, colon), value);
  }
  if (has_data_ && !is_too_large_) events.push_back(event_);
  event_.name.clear();
  event_.data.clear();
  has_data_ = false;
  is_too_large_ = false;
}

void ServerEventReader::take_field(std::string_view field, std::string_view value) {
  if (field == "data") {
    if (std::exchange(has_data_, true)) event_.data += '\n';
    event_.data += value;
  } else if (field == "event") {
    event_.name = value;
  } else if (field == "id" && value.find('\0') == value.npos) {
    event_.id = value;
  }
}

}  // namespace ostler::net
