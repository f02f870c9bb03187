// SPDX-License-Identifier: Apache-2.0
#include "zoo_run.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

#include "plugin_host/sealed_copy.hpp"
#include "support/child_program.hpp"
#include "support/run_task.hpp"

namespace ostler::plugin_host {
namespace {

JsonValue zoo_config(const std::string& what, const std::string& path) {
  return parse_json(R"({"do": ")" + what + R"(", "path": ")" + path + R"("})").value();
}

BoxVerdict run_in(boost::asio::io_context& context, BoxRun& run, BoxSpec spec) {
  auto verdict = support::run_task(context, run.run(std::move(spec)));
  if (verdict) return verdict.value();
  ADD_FAILURE() << verdict.error().message();
  return {};
}

}  // namespace

std::string RecordingLog::without_secrets(std::string_view text, bool) {
  std::string clean(text);
  const std::size_t begin = secret.empty() ? clean.npos : clean.find(secret);
  return begin == clean.npos ? clean : clean.replace(begin, secret.size(), "***");
}

void RecordingLog::message(Severity severity, std::string_view text) {
  bytes += text.size();
  if (messages.size() < 100) messages.emplace_back(severity, text);
  on_message();
}

ZooRun::ZooRun(const std::string& what, const std::string& path)
    : services(zoo_config(what, path),
               {{"OSTLER_TEST_SECRET", "hidden"}, {"PATH", "/usr/bin:/bin"}}) {
  spec.program = std::filesystem::path(support::host_program()).parent_path() / "ostler-box";
  spec.id = "zoo";
  spec.version = "1.0.0";
  spec.directory = scratch.path();
  spec.paths = {{scratch.path(), "write"}};
  spec.facts = {{"branch", "main"}, {"scratch", scratch.path()}};
  with_library(directory() + "/zoo.so");
}

std::string ZooRun::directory() { return ZOO_DIRECTORY; }

ZooRun& ZooRun::with_library(const std::string& path) {
  auto copy = sealed_copy(path);
  if (!copy) ADD_FAILURE() << copy.error().message();
  spec.code.clear();
  spec.code.push_back({std::filesystem::path(path).filename(), std::move(copy.value().fd)});
  return *this;
}

BoxVerdict ZooRun::run() {
  boost::asio::io_context context(1);
  BoxRun run(context.get_executor(), services, log);
  return run_in(context, run, std::move(spec));
}

BoxVerdict ZooRun::run_and_cancel(std::chrono::milliseconds grace) {
  boost::asio::io_context context(1);
  BoxRun run(context.get_executor(), services, log);
  log.on_message = [&] { run.cancel(supervise::CancelReason::Timeout, grace); };
  return run_in(context, run, std::move(spec));
}

BoxVerdict ZooRun::run_cancelled(std::chrono::milliseconds grace) {
  boost::asio::io_context context(1);
  BoxRun run(context.get_executor(), services, log);
  run.cancel(supervise::CancelReason::UserCancel, grace);
  return run_in(context, run, std::move(spec));
}

}  // namespace ostler::plugin_host
