// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cli/http_exchange.hpp"
#include "plugin_host/http_hops.hpp"
#include "plugin_host/http_service.hpp"

namespace ostler::cli {

/// The service `http` of a case: answers from a record, never from a server. Which hosts a plugin
/// may ask, what a request may be and where redirects lead is as with real ones. A secret is its
/// own name. Runs on: one thread.
class RecordedHttp {
 public:
  /// `secrets`: that the plugin may use. `tell` gets a line for each request that the record has no
  /// answer for.
  RecordedHttp(std::vector<HttpExchange> exchanges, plugin_host::HttpReach reach,
               std::vector<std::string> secrets, std::function<void(const std::string&)> tell);

  /// Answers "send", "read" or "close". The first exchange that was not used yet and fits a request
  /// answers it. Errors: as the real service; Internal for a request that is not recorded.
  Result<std::string> answer(std::string_view method, std::vector<std::string> arguments);

  /// Methods and URLs of the exchanges that nothing has asked for.
  std::vector<std::string> unused() const;

 private:
  struct Recorded {
    HttpExchange exchange;
    bool is_used = false;
  };

  Result<std::string> send(std::vector<std::string> arguments);
  Result<std::string> read(const std::string& name);
  Result<bool> name_secrets(std::string& headers) const;
  Result<net::HttpResponse> find(const net::HttpRequest& request);

  std::vector<Recorded> recorded_;
  plugin_host::HttpReach reach_;
  std::vector<std::string> secrets_;
  std::function<void(const std::string&)> tell_;
  std::map<std::string, std::string> bodies_ = {};  ///< what is unread, by name of the request
  int last_name_ = 0;
};

}  // namespace ostler::cli
