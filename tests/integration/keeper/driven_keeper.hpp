// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "journal/reader.hpp"
#include "process/spawn.hpp"
#include "supervise/channel.hpp"
#include "supervise/job_lock.hpp"
#include "support/temp_directory.hpp"

namespace ostler::keeper {

/// Longer than anything here takes on a loaded machine; a test that meets it fails.
inline constexpr std::chrono::seconds kLimit{30};

/// Everything that a journal holds.
struct JournalContent {
  std::string output;
  std::vector<journal::RecordType> types;
  std::optional<journal::Verdict> verdict;
  bool has(journal::RecordType type) const;
};
JournalContent read_journal(const std::filesystem::path& directory);

/// A keeper process with a test for its agent.
class DrivenKeeper {
 public:
  struct Options {
    std::uint64_t epoch = 1;
    std::vector<std::string> arguments{};   ///< more of them
    std::filesystem::path job_directory{};  ///< empty: one of its own
  };
  DrivenKeeper() : DrivenKeeper(Options()) {}
  explicit DrivenKeeper(const Options& options);
  ~DrivenKeeper();
  DrivenKeeper(const DrivenKeeper&) = delete;
  DrivenKeeper& operator=(const DrivenKeeper&) = delete;

  /// The connection that the keeper was born with. Says Hello and returns the answer.
  supervise::Welcome hello();
  /// Hello and Job.
  void give(const std::string& script);
  template <class Message>
  void send(const Message& message) {
    const auto sent = agent_.send(message, kLimit);
    if (!sent) throw std::runtime_error(sent.error().message());
  }
  template <class Message>
  Message await() {
    return await_on<Message>(agent_);
  }
  template <class Message>
  static Message await_on(supervise::Channel& channel) {
    for (;;) {
      const auto frame = channel.receive(kLimit);
      if (!frame) throw std::runtime_error(frame.error().message());
      if (frame.value().type == Message::kType) {
        return supervise::decode<Message>(frame.value()).value();
      }
    }
  }
  /// Waits until the output says `text`.
  void await_output(const std::string& text);
  /// A new connection, as another agent makes it; nothing is said yet.
  supervise::Channel connect() const;
  /// The agent is gone.
  void drop_agent() { agent_.close(); }

  /// Waits for the keeper's end.
  process::ExitStatus wait();
  void kill() { process_.signal(9); }
  pid_t pid() const { return process_.pid(); }
  /// Waits for the keeper's end and reads what it wrote.
  JournalContent finish();

  const std::filesystem::path& directory() const { return directory_; }
  /// The job's control group; empty where the machine delegates none.
  std::filesystem::path group() const {
    return supervise::read_job_lock(directory_).value().cgroup;
  }
  std::string job_id() const { return directory_.filename().string(); }

 private:
  support::TempDirectory temporary_;
  std::filesystem::path directory_;
  supervise::Channel agent_;
  process::Child process_;
};

/// Whether a process whose command line holds `mark` is alive.
bool is_running(const std::string& mark);

}  // namespace ostler::keeper
