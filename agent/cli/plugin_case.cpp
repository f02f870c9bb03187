// SPDX-License-Identifier: Apache-2.0
#include "cli/plugin_case.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <optional>

#include "cli/case_services.hpp"
#include "cli/plugin_box.hpp"
#include "cli/plugin_log.hpp"
#include "cli/plugin_place.hpp"
#include "console/plain_text.hpp"
#include "files/file.hpp"

namespace ostler::cli {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using plugin_host::BoxRun;
using plugin_host::BoxVerdict;
using plugin_host::Bundle;

namespace {

/// More is cut off: what a case says is kept in memory, and compared.
constexpr std::size_t kMostSaid = 4u << 20;

/// The one variable of a case: where commands are looked for.
constexpr const char* kSystemPath = "/usr/local/bin:/usr/bin:/bin";

/// Keeps what a plugin says. Output comes through a pipe, at any moment between two messages: it
/// is kept apart, so that the same run reads the same.
class Transcript final : public plugin_host::StepLog {
 public:
  void output(std::string_view bytes) override { take(printed_, bytes); }
  void message(plugin_host::Severity severity, std::string_view text) override {
    line(std::string(severity_prefix(severity)) + std::string(text));
  }
  void group(plugin_host::GroupStyle style, std::string_view title) override {
    line(std::string(plugin_host::prefix_of(style)) + std::string(title));
  }
  void progress(const plugin_host::Progress& progress) override {
    line(plugin_host::describe(progress));
  }
  void confined(const plugin_host::Confinement&) override {}
  asio::awaitable<void> room() override { co_return; }

  void line(const std::string& text) { take(said_, text.ends_with('\n') ? text : text + "\n"); }
  std::string text() const { return printed_.empty() ? said_ : said_ + "printed:\n" + printed_; }

 private:
  static void take(std::string& into, std::string_view text) {
    into += text.substr(0, kMostSaid - std::min(kMostSaid, into.size()));
  }

  std::string said_;
  std::string printed_;
};

asio::awaitable<void> run_to_verdict(BoxRun& run, plugin_host::BoxSpec spec,
                                     std::optional<Result<BoxVerdict>>& into,
                                     asio::steady_timer& limit) {
  into = co_await run.run(std::move(spec));
  limit.cancel();
}

asio::awaitable<void> end_when_late(BoxRun& run, asio::steady_timer& limit, bool& is_late) {
  const auto [cancelled] = co_await limit.async_wait(asio::as_tuple(asio::use_awaitable));
  if (cancelled) co_return;
  is_late = true;
  run.cancel(supervise::CancelReason::Timeout, std::chrono::seconds(0));
}

void end_program_on_bug(const std::exception_ptr& bug) {
  if (bug) std::terminate();
}

Result<BoxVerdict> run_within(plugin_host::BoxSpec spec, plugin_host::StepServices& services,
                              Transcript& transcript, std::chrono::seconds time_limit,
                              bool& is_late) {
  asio::io_context context(1);
  BoxRun run(context.get_executor(), services, transcript);
  asio::steady_timer limit(context, time_limit);
  std::optional<Result<BoxVerdict>> verdict;
  asio::co_spawn(context, end_when_late(run, limit, is_late), end_program_on_bug);
  asio::co_spawn(context, run_to_verdict(run, std::move(spec), verdict, limit), end_program_on_bug);
  context.run();
  return std::move(*verdict);
}

void note_end(const BoxVerdict& verdict, const CaseServices& services, Transcript& transcript) {
  for (const std::string& request : services.unused_exchanges())
    transcript.line("recorded, but not asked: " + request);
  for (const auto& [name, json] : services.outputs())
    transcript.line("output " + name + " = " + json);
  const auto& result = verdict.result;
  if (!result.detail.empty()) transcript.line("detail " + result.detail);
  transcript.line(plugin_host::describe(result));
  transcript.line("exit status " + std::to_string(result.exit_status));
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != text.npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

/// Line by line, as it can stand in a file that people read.
std::string plain(const std::string& text) {
  std::string lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines += console::plain_line(std::string_view(text).substr(at, end - at)) + "\n";
    at = end + 1;
  }
  return lines;
}

/// The directories of a case, whose names differ each time.
struct Places {
  std::string workspace;
  std::string scratch;
};

Result<Places> make_places(const fs::path& root, const PluginCase& golden) {
  const Places places{root / "workspace", root / "scratch"};
  std::error_code error;
  fs::create_directory(places.scratch, error);
  fs::create_directory(places.workspace, error);
  const bool has_files = !error && fs::is_directory(golden.workspace());
  if (has_files) fs::copy(golden.workspace(), places.workspace, fs::copy_options::recursive, error);
  if (error) return Error::from_errno(error.value(), "make the workspace of " + golden.name());
  return places;
}

Result<CasePermissions> permissions_of(const Bundle& bundle, const plugin_host::JsonValue& config) {
  const plugin_host::Permissions& asked = bundle.manifest.permissions;
  CasePermissions permissions;
  OSTLER_TRY(permissions.hosts, permitted_hosts(asked, config));
  if (!asked.secrets) return permissions;
  OSTLER_TRY(permissions.secrets, permitted_secrets(asked, config));
  return permissions;
}

}  // namespace

Result<std::string> run_case(const Bundle& bundle, const PluginCase& golden, const CaseTime& time) {
  OSTLER_TRY(const std::string text, files::read_file(golden.config, kLongestStepConfig));
  auto config = step_config_of(bundle, text, golden.config.filename());
  if (!config) return plain("refused: " + config.error().message());
  auto permissions = permissions_of(bundle, config.value());
  if (!permissions) return plain("refused: " + permissions.error().message());
  OSTLER_TRY(auto exchanges, read_exchanges(golden.exchanges()));
  OSTLER_TRY(const auto root, make_scratch_directory());
  OSTLER_TRY(const Places places, make_places(root.path(), golden));
  OSTLER_TRY(auto spec, box_spec_of(bundle, places.workspace, places.scratch));
  Transcript transcript;
  CaseServices services(std::move(config).value(), {{"PATH", kSystemPath}},
                        std::move(permissions).value(), std::move(exchanges),
                        [&transcript](const std::string& line) { transcript.line(line); });
  spec.services = services.more_ids();
  if (!time.is_real) spec.services.emplace_back("ostler.virtual-clock/1");
  bool is_late = false;
  OSTLER_TRY(const BoxVerdict verdict,
             run_within(std::move(spec), services, transcript, time.limit, is_late));
  note_end(verdict, services, transcript);
  if (is_late) transcript.line("it was ended after " + std::to_string(time.limit.count()) + " s");
  return plain(replaced(replaced(transcript.text(), places.workspace, "WORKSPACE"), places.scratch,
                        "SCRATCH"));
}

}  // namespace ostler::cli
