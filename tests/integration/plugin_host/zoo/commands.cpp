// SPDX-License-Identifier: Apache-2.0
#include "commands.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <ostler/cpp/services.hpp>
#include <thread>
#include <vector>

namespace zoo {
namespace {

ostler::Command shell(const std::string& script) { return {.arguments = {"sh", "-c", script}}; }

/// On one line, as a result's message must be.
std::string told(ostler::CommandEnd end) {
  std::ranges::replace(end.output, '\n', '|');
  return std::to_string(end.exit_status) + " " + std::to_string(end.signal) + " " +
         (end.is_truncated ? "truncated " + std::to_string(end.output.size()) : end.output);
}

std::string run_or_why_not(const ostler::Services& services, const ostler::Command& command) {
  try {
    return told(services.command().run(command));
  } catch (const ostler::CallFailed& failure) {
    return "status " + std::to_string(failure.status()) + ": " + failure.what();
  }
}

void wait_for_file(const char* name) {
  while (::access(name, F_OK) != 0) std::this_thread::sleep_for(std::chrono::milliseconds(10));
}

/// After a cancel: what the script that ran came to, one without cleaning up, one with it.
std::string clean_up(const ostler::Services& services, const std::string& script) {
  std::string text;
  std::thread runner([&] { text = run_or_why_not(services, shell(script)); });
  wait_for_file("begun");
  services.log("waiting");
  runner.join();
  text += "; " + run_or_why_not(services, shell("exit 4"));
  services.begin_cleanup();
  return text + "; " + run_or_why_not(services, shell("exit 5"));
}

/// While the script runs other calls go on.
std::string call_meanwhile(const ostler::Services& services, const std::string& script) {
  std::string end;
  std::thread runner([&] { end = run_or_why_not(services, shell(script)); });
  services.set_variable("MEANWHILE", "set");
  services.command().run(shell("touch go"));
  runner.join();
  return end;
}

std::string run_many(const ostler::Services& services, const std::string& script) {
  std::vector<std::string> ends(20);
  std::vector<std::thread> threads;
  for (std::string& end : ends) {
    threads.emplace_back([&] { end = run_or_why_not(services, shell(script)); });
  }
  for (std::thread& thread : threads) thread.join();
  int worked = 0;
  for (const std::string& end : ends) worked += end == "0 0 " ? 1 : 0;
  return std::to_string(worked);
}

}  // namespace

std::string run_script(const ostler_host_t* host, const std::string& how,
                       const std::string& script) {
  const ostler::Services services(host);
  ostler::Command command = shell(script);
  if (how == "command") return run_or_why_not(services, command);
  command.confined = how == "command confined";
  if (how == "command to clean up") return clean_up(services, script);
  if (how == "command meanwhile") return call_meanwhile(services, script);
  if (how == "commands") return run_many(services, script);
  if (how == "command not there") command.arguments = {"no-such-program"};
  if (how == "command with NUL") command.arguments.back().push_back('\0');
  if (how == "command with limit") command.time_limit = std::chrono::milliseconds(2000);
  command.capture = true;
  if (how == "command with input") command.input.assign("a\0b\n", 4);
  if (how == "command left alone") {
    std::thread([services, command] { run_or_why_not(services, command); }).detach();
    wait_for_file("begun");
    return "left one";
  }
  return run_or_why_not(services, command);
}

}  // namespace zoo
