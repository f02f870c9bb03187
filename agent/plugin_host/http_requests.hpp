// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace ostler::plugin_host {

/// HTTP requests of one plugin, each with a thread of its own, which waits while the plugin does
/// not read. A request that is closed while its server is silent goes on for a second or so: who
/// has this ends by _exit. Methods and arguments: agent/docs/box-protocol.md, "http"; of `send`
/// those of read_http_request(). Runs on: one thread; answers come on any.
class HttpRequests {
 public:
  using Answer = std::function<void(std::uint32_t id, Result<std::string>)>;

  explicit HttpRequests(Answer answer);
  ~HttpRequests();

  /// "send", "read" or "close".
  void begin(std::uint32_t id, const std::string& method,
             const std::vector<std::string>& arguments);

 private:
  class Request;
  void send(std::uint32_t id, const std::vector<std::string>& arguments);

  Answer answer_;
  std::uint32_t last_handle_ = 0;
  std::map<std::string, std::shared_ptr<Request>> open_;
  std::shared_ptr<std::atomic<int>> at_work_;  ///< threads
};

}  // namespace ostler::plugin_host
