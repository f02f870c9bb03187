// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace ostler::support {

struct HttpCall {
  std::string method = "GET";
  std::string url;
  std::vector<std::string> headers;  ///< "Name: value"
  std::string body;
};

struct HttpAnswer {
  int status = 0;                              ///< 0 when there was no answer at all
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;

  nlohmann::json json() const { return nlohmann::json::parse(body, nullptr, false); }
};

/// One blocking HTTP call over its own connection, 30 s at most; follows no redirect.
HttpAnswer http_call(const HttpCall& call);

}  // namespace ostler::support
