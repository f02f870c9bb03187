// SPDX-License-Identifier: Apache-2.0
#include "cli/local_hub.hpp"

#include "net/http_client.hpp"
#include "wire/rest_answers.hpp"

namespace ostler::cli {

Result<std::string> ask_local_hub(const std::filesystem::path& data_path, std::string method,
                                  std::string_view path, std::string body) {
  net::HttpRequest request{.method = std::move(method),
                           .url = "http://hub" + std::string(path),
                           .unix_socket = data_path / "hub.sock",
                           .body = std::move(body)};
  net::BlockingHttpClient client;
  auto answer = client.send(request);
  if (!answer) {
    return Error(Errc::Unavailable,
                 "no hub answers at " + request.unix_socket +
                     "; start one with \"ostler up\", or name its directory with --data-path");
  }
  if (answer.value().ok()) return std::move(answer.value().body);
  return Error(Errc::UserFault, "the hub refuses: " + wire::rest_error_text(answer.value().body));
}

}  // namespace ostler::cli
