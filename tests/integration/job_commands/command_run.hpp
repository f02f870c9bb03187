// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/guarded.hpp"
#include "support/child_program.hpp"
#include "support/scripted_server.hpp"
#include "support/tcp_proxy.hpp"
#include "support/temp_directory.hpp"

namespace ostler::job_commands {

/// How a command reaches its server.
enum class Way { Http, JobSocket };

/// What a command did: its end, its words, how long it would have slept each time.
struct CommandRun {
  support::ProgramResult result;
  std::vector<long> sleeps;  ///< milliseconds
};

/// A server of which one call meets faults, and commands that ask it without ever sleeping.
class CommandServer {
 public:
  /// What the server says when nothing is wrong; `url` is its own.
  using Answer = support::ServerReply (*)(const support::ServerRequest& request,
                                          const std::string& url);

  explicit CommandServer(Way way);

  /// The next calls whose "METHOD target" begins with `call` get these; all others `good`.
  void line_up(const std::string& call, std::deque<support::ServerAnswer> faults, Answer good);
  /// How many of those calls there were since.
  int calls() const;
  /// The value of one header of each of them; empty where it was missing.
  std::vector<std::string> headers(const std::string& name) const;
  /// From now on nobody listens.
  void vanish();

  CommandRun run(const std::vector<std::string>& command);
  const support::TempDirectory& directory() const { return directory_; }

 private:
  struct Line {
    std::string call;
    std::deque<support::ServerAnswer> faults;
    Answer good = nullptr;
    int calls = 0;
    std::vector<std::map<std::string, std::string>> headers{};
  };
  support::ServerAnswer answer(support::ServerRequest request);
  std::map<std::string, std::string> environment(const std::string& sleeps) const;

  const Way way_;
  support::TempDirectory directory_;
  mutable Guarded<Line> line_{};
  std::unique_ptr<support::ScriptedServer> server_;
  std::unique_ptr<support::TcpProxy> socket_;
  std::string url_;
};

}  // namespace ostler::job_commands
