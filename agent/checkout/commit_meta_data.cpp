// SPDX-License-Identifier: Apache-2.0
#include "checkout/commit_meta_data.hpp"

#include "agent_client/call_with_retries.hpp"
#include "agent_client/path.hpp"
#include "base/uuid.hpp"
#include "wire/agent_api.hpp"

namespace ostler::checkout {
namespace {

using agent_client::ApiAnswer;

constexpr std::string_view kKey = "buildkite:git:commit";
constexpr agent_client::RetryPolicy kRetry{2, agent_client::Growth::Constant,
                                           std::chrono::milliseconds(2000)};

Result<ApiAnswer> call(agent_client::Transport& transport, const std::string& job,
                       std::string_view verb, std::string body) {
  const std::string path = "jobs/" + agent_client::path_segment(job) + "/data/" + std::string(verb);
  OSTLER_TRY(auto answer,
             agent_client::call_with_retries(
                 transport, {"POST", path, std::move(body), Uuid::make().str()}, kRetry));
  if (answer.status >= 200 && answer.status < 300) return answer;
  return Error(Errc::Unavailable, "the server answered " + std::to_string(answer.status) + ": " +
                                      wire::decode_message(answer.body));
}

// When the server cannot say, sending again does no harm.
bool is_known(agent_client::Transport& transport, const std::string& job) {
  const auto answer = call(transport, job, "exists", wire::encode_meta_data_key(kKey));
  if (!answer) return false;
  const auto exists = wire::decode_exists(answer.value().body);
  return exists && exists.value();
}

}  // namespace

std::string commit_text(const git::CommitDescription& commit) {
  std::string text = "commit " + commit.id + "\nabbrev-commit " + commit.abbreviated_id +
                     "\nAuthor: " + commit.author_name + " <" + commit.author_email + ">\n\n";
  std::string_view message = commit.message;
  while (!message.empty()) {
    const std::size_t end = message.find('\n');
    text.append("    ").append(message.substr(0, end)).append("\n");
    message.remove_prefix(end == std::string_view::npos ? message.size() : end + 1);
  }
  return text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
}

Result<void> send_commit_meta_data(const git::CommitDescription& commit, const std::string& job,
                                   agent_client::Transport& transport, JobLog& log) {
  log.comment("Checking to see if git commit information needs to be sent to Buildkite...");
  if (is_known(transport, job)) {
    log.comment("Git commit information has already been sent to Buildkite");
    return success();
  }
  log.comment("Sending Git commit information back to Buildkite");
  OSTLER_TRY(call(transport, job, "set",
                  wire::encode(wire::MetaDatum{std::string(kKey), commit_text(commit)})));
  return success();
}

}  // namespace ostler::checkout
