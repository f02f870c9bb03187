// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "net/http_message.hpp"

namespace ostler::cli {

/// A request by HTTP and what came of it, as the file NAME.http.json of a case keeps it.
struct HttpExchange {
  std::string method;
  std::string url;
  net::HttpHeaders headers = {};         ///< that a request must have; others do not matter
  std::optional<std::string> body = {};  ///< none: any
  std::string body_sha256 = {};          ///< in its place; empty: any
  net::HttpResponse answer = {};
  std::optional<Error> failure = {};  ///< instead of an answer: Unavailable, Timeout or Internal
};

/// None when there is no such file. Errors: UserFault with the place in the file.
Result<std::vector<HttpExchange>> read_exchanges(const std::filesystem::path& file);

Result<void> write_exchanges(const std::filesystem::path& file,
                             const std::vector<HttpExchange>& exchanges);

}  // namespace ostler::cli
