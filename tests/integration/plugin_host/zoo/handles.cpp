// SPDX-License-Identifier: Apache-2.0
#include "handles.hpp"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <ostler/cpp/services.hpp>
#include <thread>
#include <utility>
#include <vector>

namespace zoo {
namespace {

using ostler::RunningCommand;
using std::chrono::milliseconds;

constexpr ostler::CommandStreams kAll = {.input = true, .output = true, .errors = true};

/// Needs no search path: a case of "plugin test" has none.
ostler::Command shell(const std::string& script) {
  return {.arguments = {"/bin/sh", "-c", script}};
}

std::string told(const ostler::CommandEnd& end) {
  return std::to_string(end.exit_status) + " " + std::to_string(end.signal) +
         (end.is_late ? " late" : "");
}

/// "ok", or the status of the call.
std::string status_of(const std::function<void()>& call) {
  try {
    call();
    return "ok";
  } catch (const ostler::CallFailed& failure) {
    return std::to_string(failure.status());
  }
}

void wait_for_file(const char* name) {
  while (::access(name, F_OK) != 0) std::this_thread::sleep_for(milliseconds(10));
}

std::string rest_of(const std::function<std::string()>& read) {
  std::string all;
  for (std::string piece = read(); !piece.empty(); piece = read()) all += piece;
  return all;
}

std::string talk(const ostler::Services& services, const std::string& script) {
  auto program = services.command().start(shell(script), kAll);
  program.write("one\n");
  std::string said = program.read_output();
  program.write("two");
  program.close_input();
  said += rest_of([&] { return program.read_output(); });
  said += rest_of([&] { return program.read_errors(); });
  std::ranges::replace(said, '\n', '|');
  return said + told(program.wait()) + told(program.wait());
}

std::string signal_it(const ostler::Services& services, const std::string& script) {
  auto program = services.command().start(shell(script), {.output = true});
  const std::string said = program.read_output();
  program.signal(SIGUSR1);
  const std::string more = rest_of([&] { return program.read_output(); });
  std::string end = said + more + told(program.wait());
  return end + " then " + status_of([&] { program.signal(SIGUSR1); });
}

std::string ask_now_and_then(const ostler::Services& services, const std::string& script) {
  auto program = services.command().start(shell(script));
  const bool runs = !program.wait_for(milliseconds(50));
  services.command().run(shell("touch go"));
  return (runs ? "runs " : "ended ") + told(program.wait());
}

/// A program that was dropped is over, while the plugin goes on.
std::string drop(const ostler::Services& services, const std::string& script) {
  {
    const auto program = services.command().start(shell(script));
    wait_for_file("begun");
  }
  return told(services.command().run(shell("kill -0 $(cat pid) 2>&-")));
}

std::string read_late(const ostler::Services& services, const std::string& script) {
  auto program = services.command().start(shell(script), {.output = true});
  const bool waits = !program.wait_for(milliseconds(500)) && ::access("done", F_OK) != 0;
  const std::string all = rest_of([&] { return program.read_output(); });
  return (waits ? "waited " : "did not wait ") + std::to_string(all.size()) + " " +
         told(program.wait());
}

std::string write_much(const ostler::Services& services, const std::string& script) {
  auto program = services.command().start(shell(script), {.input = true, .output = true});
  program.write(std::string(1'000'000, 'x'));
  program.close_input();
  const std::string again = status_of([&] { program.write("x"); });
  return rest_of([&] { return program.read_output(); }) + again;
}

std::string write_to_nobody(const ostler::Services& services, const std::string& script) {
  auto program = services.command().start(shell(script), {.input = true});
  wait_for_file("begun");
  return status_of([&] { program.write("x"); });
}

std::string open_many(const ostler::Services& services, const std::string& script) {
  std::vector<RunningCommand> open;
  const auto start = [&] { open.push_back(services.command().start(shell(script))); };
  std::string last;
  for (int i = 0; i < 17; ++i) last = status_of(start);
  const std::size_t most = open.size();
  open.pop_back();
  return std::to_string(most) + " " + last + " " + status_of(start);
}

std::string misuse(const ostler::Services& services, const std::string& script) {
  auto program = services.command().start(shell(script));
  RunningCommand stranger(services.host(), "17");
  std::string text = status_of([&] { program.write("x"); });
  text += status_of([&] { program.close_input(); });
  text += status_of([&] { program.read_output(); });
  text += status_of([&] { program.signal(0); });
  text += status_of([&] { program.signal(1000); });
  text += " " + status_of([&] { stranger.wait(); });
  ostler_text_t how = ostler::to_text("x");
  return text +
         std::to_string(
             ostler_call(services.host(), OSTLER_COMMAND_ID, "start", &how, 1, nullptr, nullptr)) +
         std::to_string(
             ostler_call(services.host(), OSTLER_COMMAND_ID, "stop", &how, 1, nullptr, nullptr));
}

/// One call reads, another is refused.
std::string read_twice(const ostler::Services& services, const std::string& script) {
  auto program = services.command().start(shell(script), {.output = true});
  std::string first;
  std::thread reader([&] { first = status_of([&] { program.read_output(); }); });
  std::string second = "ok";
  while (second == "ok") {
    std::this_thread::sleep_for(milliseconds(20));
    second = status_of([&] { program.read_output(); });
    if (second == "ok") return "nobody read";
  }
  services.command().run(shell("touch go"));
  reader.join();
  return first + " " + second;
}

std::string end_late(const ostler::Services& services, const std::string& script) {
  auto command = shell(script);
  command.time_limit = milliseconds(2000);
  return told(services.command().start(command).wait());
}

/// In a cancel waits end at once, closing works, and later the end is there.
std::string clean_up(const ostler::Services& services, const std::string& script) {
  auto program = services.command().start(shell(script), kAll);
  auto other = std::make_unique<RunningCommand>(
      services.command().start(shell("echo $$ > other; exec sleep 60")));
  wait_for_file("other");
  wait_for_file("begun");
  services.log("waiting");
  std::string text = status_of([&] { program.read_output(); });
  text += status_of([&] { program.write(std::string(1000, 'x')); });
  text += status_of([&] { program.wait(); });
  other.reset();
  services.begin_cleanup();
  text += " " + told(services.command().run(shell("kill -0 $(cat other) 2>&-")));
  return text + " " + program.read_output() + " " + told(program.wait());
}

}  // namespace

std::string use_handle(const ostler_host_t* host, const std::string& how,
                       const std::string& script) {
  using Use = std::string (*)(const ostler::Services&, const std::string&);
  static constexpr std::pair<const char*, Use> kUses[] = {
      {"handle talk", talk},
      {"handle signal", signal_it},
      {"handle poll", ask_now_and_then},
      {"handle drop", drop},
      {"handle read late", read_late},
      {"handle write much", write_much},
      {"handle write to nobody", write_to_nobody},
      {"handle many", open_many},
      {"handle misuse", misuse},
      {"handle read twice", read_twice},
      {"handle late", end_late},
      {"handle clean up", clean_up}};
  const ostler::Services services(host);
  try {
    for (const auto& [name, use] : kUses) {
      if (how == name) return use(services, script);
    }
  } catch (const ostler::CallFailed& failure) {
    return "status " + std::to_string(failure.status()) + ": " + failure.what();
  }
  return "no such use";
}

}  // namespace zoo
