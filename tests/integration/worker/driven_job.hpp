// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "journal/reader.hpp"
#include "journal/verdict.hpp"
#include "process/spawn.hpp"
#include "supervise/channel.hpp"
#include "supervise/job_document.hpp"
#include "support/temp_directory.hpp"

namespace ostler::worker {

/// Longer than anything here takes on a loaded machine; a test that meets it fails.
inline constexpr std::chrono::seconds kLimit{30};

/// What is left of a job.
struct FinishedJob {
  journal::Verdict verdict;
  std::string log;     ///< output with its time-stamp codes
  std::string text;    ///< output without them, and without carriage returns
  std::string events;  ///< as the journal has them
  bool started = false;
};

/// One job under the built `ostler` (keeper and worker), with the test for its agent. The command
/// runs without a checkout in a directory of the test.
class DrivenJob {
 public:
  using Variables = std::map<std::string, std::string, std::less<>>;

  explicit DrivenJob(const std::string& command, const Variables& more = {});

  /// The job's own directory, where its command runs.
  std::filesystem::path directory() const { return temporary_ / "checkout"; }
  std::filesystem::path job_socket() const { return temporary_ / "j"; }
  const std::string& id() const { return document_.job_id; }
  /// Variables may be changed until then.
  Variables& env() { return document_.env; }
  /// Puts a shell script in the place of ostler-host; its first word says what it is asked for.
  void use_host(const std::string& script);
  using Answer = std::function<std::optional<supervise::ApiReply>(const supervise::ApiRequest&)>;
  /// Answers the job's Agent API calls while finish() waits; none: the server is silent.
  void answer_with(Answer answer) { answer_ = std::move(answer); }

  void start();
  /// Waits until the job's log says `text`; throws when it never does.
  void await_output(const std::string& text);
  std::string text_so_far() const;
  void cancel(supervise::CancelReason reason, std::chrono::milliseconds grace);
  /// Waits for the end of the job (and starts it when nobody has).
  FinishedJob finish();

 private:
  template <class Message>
  void send(const Message& message);

  support::TempDirectory temporary_;
  std::filesystem::path program_;
  supervise::JobDocument document_;
  Answer answer_;
  supervise::Channel agent_;
  std::optional<process::Child> keeper_;
};

/// Whether a process whose command line holds `mark` is alive.
bool is_running(const std::string& mark);

}  // namespace ostler::worker
