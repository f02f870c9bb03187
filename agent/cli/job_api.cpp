// SPDX-License-Identifier: Apache-2.0
#include "cli/job_api.hpp"

#include <chrono>

#include "agent_client/job_socket_transport.hpp"
#include "cli/job_command.hpp"
#include "wire/job_api.hpp"

namespace ostler::cli {
namespace {

/// The worker answers by itself, at once.
constexpr std::chrono::seconds kPatience{30};

}  // namespace

Result<std::string> ask_job_api(std::string_view command, std::string method, std::string_view call,
                                std::string body) {
  const auto socket = agent_client::job_socket_from_environment();
  if (!socket) return Error(socket.error()).with_context(command);
  auto answer = agent_client::call_job_api(
      socket.value(),
      {std::move(method), "/api/current-job/v0/" + std::string(call), std::move(body), ""},
      kPatience);
  if (!answer) return std::move(answer).error().with_context(command);
  const int status = answer.value().status;
  if (status >= 200 && status <= 299) return std::move(answer).value().body;
  const std::string said = wire::decode_job_api_error(answer.value().body);
  return Error(Errc::UserFault,
               std::string(command) + ": " +
                   (said.empty() ? "the job answered " + std::to_string(status) : said));
}

Result<void> add_redactions(std::string_view command, const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    OSTLER_TRY(ask_job_api(command, "POST", "redactions", wire::encode_redaction(text)));
  }
  return success();
}

Result<void> print_secret(const SecretOutput& output, const std::vector<std::string>& secrets,
                          std::string_view text) {
  if (!output.skip_redaction) {
    if (const auto hidden = add_redactions(output.command, secrets); !hidden) {
      return Error(hidden.error().code(),
                   hidden.error().message() +
                       ". Nothing is printed, for the log would show it; pass --skip-redaction or "
                       "set " +
                       std::string(output.variable) + "=true to print it all the same");
    }
  }
  print(text);
  return success();
}

}  // namespace ostler::cli
