// SPDX-License-Identifier: Apache-2.0
#include "cli/plugin_look.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>

#include "cli/plugin_place.hpp"
#include "plugin_host/bundle_code.hpp"

namespace ostler::cli {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using plugin_host::BoxSpec;

namespace {

/// Swallows what a plugin says while it is only looked at.
class Silence final : public plugin_host::StepLog {
 public:
  void output(std::string_view) override {}
  void message(plugin_host::Severity, std::string_view) override {}
  void group(plugin_host::GroupStyle, std::string_view) override {}
  void progress(const plugin_host::Progress&) override {}
  void confined(const plugin_host::Confinement&) override {}
  asio::awaitable<void> room() override { co_return; }
};

asio::awaitable<void> keep_verdict(plugin_host::BoxRun& run, BoxSpec spec,
                                   std::optional<Result<plugin_host::BoxVerdict>>& into) {
  into = co_await run.run(std::move(spec));
}

void end_program_on_fault(const std::exception_ptr& fault) {
  if (fault) std::terminate();
}

Result<std::string> look(BoxSpec spec) {
  OSTLER_TRY(const auto scratch, make_scratch_directory());
  OSTLER_TRY(spec.program, box_program());
  spec.only_look = true;
  spec.directory = scratch.path();
  spec.paths = {{scratch.path(), "write"}};
  Silence silence;
  plugin_host::StepServices services({}, {});
  asio::io_context context(1);
  plugin_host::BoxRun run(context.get_executor(), services, silence);
  std::optional<Result<plugin_host::BoxVerdict>> verdict;
  asio::co_spawn(context, keep_verdict(run, std::move(spec), verdict), end_program_on_fault);
  context.run();
  OSTLER_TRY(const auto& said, *verdict);
  return said.result.outcome == plugin_host::Outcome::Passed ? "" : said.result.message;
}

}  // namespace

Result<std::string> fault_when_looked_at(const plugin_host::Bundle& bundle) {
  const plugin_host::Manifest& manifest = bundle.manifest;
  BoxSpec spec;
  spec.is_program = manifest.is_program;
  spec.interpreter = manifest.interpreter;
  spec.id = manifest.id;
  spec.version = manifest.version;
  OSTLER_TRY(spec.code, plugin_host::take_code(bundle));
  return look(std::move(spec));
}

Result<std::string> fault_when_looked_at(const fs::path& library) {
  BoxSpec spec;
  OSTLER_TRY(auto copy, plugin_host::sealed_copy(library));
  spec.code.push_back({library.filename(), std::move(copy.fd)});
  return look(std::move(spec));
}

}  // namespace ostler::cli
