// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

// Server-sent events as text. Source:
// https://html.spec.whatwg.org/multipage/server-sent-events.html
namespace ostler::net {

struct ServerEvent {
  std::string id;    ///< the last id that the stream has said; empty: none so far
  std::string name;  ///< empty: none was said
  std::string data;

  friend bool operator==(const ServerEvent&, const ServerEvent&) = default;
};

/// One event. `id` and `name` hold no line ends; an empty id is left out.
std::string encode_server_event(const ServerEvent& event);

/// Reads a stream of events that comes in pieces.
class ServerEventReader {
 public:
  /// An event that is larger is dropped.
  static constexpr std::size_t kLargestEvent = 4u << 20;

  /// The events that `bytes` complete. Those without data are none.
  std::vector<ServerEvent> feed(std::string_view bytes);

 private:
  void end_line(std::vector<ServerEvent>& events);
  void take_field(std::string_view field, std::string_view value);

  ServerEvent event_;
  std::string line_;
  bool has_data_ = false;
  bool is_too_large_ = false;
  bool after_return_ = false;  ///< a line end may follow that belongs to the one before
};

}  // namespace ostler::net
