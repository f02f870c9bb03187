// SPDX-License-Identifier: Apache-2.0
#include "cli/case_record.hpp"

#include "cli/case_run.hpp"
#include "cli/plugin_box.hpp"
#include "cli/recording_services.hpp"
#include "files/file.hpp"

namespace ostler::cli {
namespace {

Result<std::size_t> write_record(const PluginCase& golden, const HttpRecorder& recorder) {
  OSTLER_TRY(const auto exchanges, recorder.exchanges());
  const bool has_file = std::filesystem::exists(golden.exchanges());
  if (!exchanges.empty() || has_file) {
    OSTLER_TRY(write_exchanges(golden.exchanges(), exchanges));
  }
  return exchanges.size();
}

}  // namespace

Result<std::size_t> record_case(const plugin_host::Bundle& bundle, const PluginCase& golden,
                                std::chrono::seconds limit) {
  OSTLER_TRY(const std::string text, files::read_file(golden.config, kLongestStepConfig));
  auto setup = setup_of(bundle, text, golden);
  if (!setup || setup.value().permissions.hosts.empty()) return std::size_t{0};
  OSTLER_TRY(const auto directories, make_directories(golden));
  OSTLER_TRY(auto spec, box_spec_of(bundle, directories.workspace, directories.scratch));
  OSTLER_TRY(const auto resources, resources_of(bundle, spec));
  resources.give_to(spec);
  OSTLER_TRY(const auto kept, take_host_directory(bundle, directories.kept(), spec));
  OSTLER_TRY(auto job, take_job(golden, bundle.manifest.id, directories, spec));
  CaseTranscript transcript;
  OSTLER_TRY(const LocalRun run, local_run_of(bundle, directories, spec, transcript));
  boost::asio::io_context context(1);
  RecordingServices services(context.get_executor(), std::move(setup.value().config),
                             setup.value().permissions, run, std::move(job));
  spec.services = services.more_ids();
  OSTLER_TRY(const CaseEnd end,
             run_box_of_case(context, std::move(spec), services, transcript, limit));
  if (services.missing_secret()) {
    return Error(*services.missing_secret()).with_context(golden.name() + ": nothing is recorded");
  }
  if (!end.is_late) return write_record(golden, services.recorder());
  return Error(Errc::Timeout, golden.name() + ": nothing is recorded, it was ended after " +
                                  std::to_string(limit.count()) + " s; give --time-limit");
}

}  // namespace ostler::cli
