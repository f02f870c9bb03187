// SPDX-License-Identifier: Apache-2.0
// `keeper_driver keeper ...` is a keeper. `keeper_driver worker` is a worker for tests: its job
// document is a script of one command per line, run in order.
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <string>
#include <string_view>

#include "keeper/keeper.hpp"
#include "process/spawn.hpp"
#include "supervise/channel.hpp"

namespace {

using namespace ostler;
using namespace std::chrono_literals;

constexpr auto kForever = 1h;

class ScriptedWorker {
 public:
  ScriptedWorker() : keeper_(UniqueFd(3)) {}

  int run() {
    const auto job = await<supervise::Job>();
    std::istringstream script(job.document);
    for (std::string line; std::getline(script, line);) {
      const std::size_t border = std::min(line.find(' '), line.size());
      obey(line.substr(0, border), line.substr(std::min(border + 1, line.size())));
    }
    return 0;
  }

 private:
  void obey(std::string_view verb, const std::string& rest) {
    if (verb == "output") send(supervise::Output{rest + "\n"});
    if (verb == "flood") flood(std::stoull(rest));
    if (verb == "started") announce_start();
    if (verb == "shell") shell(rest);
    if (verb == "say") std::fprintf(stderr, "%s\n", rest.c_str());
    if (verb == "crash") crash();
    if (verb == "exit") ::_exit(std::stoi(rest));
    if (verb == "request") request(rest);
    if (verb == "wait-cancel") report_cancel(await<supervise::Cancel>());
    if (verb == "wait-kill") await<supervise::Kill>();
    if (verb == "hang") ::pause();
    if (verb == "report") send(supervise::Report{std::stoi(rest), 0, journal::Cause::Exited, ""});
    if (verb == "report-signal") {
      send(supervise::Report{-1, std::stoi(rest), journal::Cause::Signalled, ""});
    }
  }

  /// Dies of the signal itself, also under a sanitizer that would catch it.
  static void crash() {
    ::signal(SIGSEGV, SIG_DFL);
    ::raise(SIGSEGV);
  }

  void flood(std::size_t size) {
    const std::string piece(supervise::kMaxOutput - 1, 'x');
    for (std::size_t sent = 0; sent < size; sent += supervise::kMaxOutput) {
      send(supervise::Output{piece + "\n"});
    }
  }

  void announce_start() {
    send(supervise::Started{});
    await<supervise::StartedAck>();
  }

  /// Runs a shell command to its end and sends what it prints.
  void shell(const std::string& command) {
    process::SpawnOptions options;
    options.executable = "/bin/sh";
    options.arguments = {"sh", "-c", command};
    options.parent_death_signal = SIGKILL;
    auto child = process::spawn(options);
    if (!child) std::abort();
    const auto status = child.value().wait(kForever);
    send(supervise::Output{"shell ended with " + process::describe(status.value()) + "\n"});
  }

  void request(const std::string& path) {
    supervise::ApiRequest request;
    request.id = ++last_request_;
    request.uuid = "uuid-" + std::to_string(request.id);
    request.method = "GET";
    request.path = path;
    send(request);
    const auto reply = await<supervise::ApiReply>();
    send(supervise::Output{"reply " + std::to_string(reply.status) + " " + reply.body + "\n"});
  }

  void report_cancel(const supervise::Cancel& cancel) {
    send(supervise::Output{"cancel " + std::to_string(static_cast<int>(cancel.reason)) + "\n"});
  }

  template <class Message>
  void send(const Message& message) {
    if (!keeper_.send(message, kForever)) ::_exit(70);
  }

  template <class Message>
  Message await() {
    for (;;) {
      const auto frame = keeper_.receive(kForever);
      if (!frame) ::_exit(71);
      if (frame.value().type != Message::kType) continue;
      return supervise::decode<Message>(frame.value()).value();
    }
  }

  supervise::Channel keeper_;
  std::uint64_t last_request_ = 0;
};

}  // namespace

int main(int count, char** arguments) {
  const std::string_view program = count > 1 ? arguments[1] : "";
  if (program != "keeper") return 2;
  return ostler::keeper::run(count - 2, arguments + 2, [] { return ScriptedWorker().run(); });
}
