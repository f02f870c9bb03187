// SPDX-License-Identifier: Apache-2.0
#include "cli/meta_data.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <optional>

#include "agent_client/path.hpp"
#include "base/ascii.hpp"
#include "cli/exit.hpp"
#include "cli/job_command.hpp"
#include "cli/options.hpp"
#include "cli/redacted_input.hpp"
#include "wire/agent_api.hpp"
#include "wire/json_reader.hpp"

namespace ostler::cli {
namespace {

using agent_client::Transport;
namespace policy = agent_client::policy;

constexpr int kExitAbsent = 100;

/// Whose meta-data is read: the job's build, or the build that is named.
struct Subject {
  std::string job;
  std::string build;

  void add_to(CLI::App& app) {
    take_job(app, job);
    app.add_option("--build", build, "The build to ask about, instead of the job's")
        ->envname("BUILDKITE_METADATA_BUILD_ID");
  }

  Result<std::string> path(std::string_view what) const {
    const std::string rest = "data/" + std::string(what);
    if (build.empty()) return job_path(job, rest);
    return "builds/" + agent_client::path_segment(build) + "/" + rest;
  }
};

template <class Decode>
auto read(Transport& transport, const Subject& subject, std::string_view what, std::string body,
          Decode decode) -> decltype(decode(std::string())) {
  OSTLER_TRY(std::string path, subject.path(what));
  return ask(transport, "meta-data " + std::string(what),
             {"POST", std::move(path), std::move(body)}, policy::kMetaDataGet, std::move(decode));
}

Result<void> write(Transport& transport, const std::string& job, std::string_view what,
                   std::string body, const agent_client::RetryPolicy& retries) {
  OSTLER_TRY(std::string path, job_path(job, "data/" + std::string(what)));
  OSTLER_TRY(ask(transport, "meta-data " + std::string(what),
                 {"POST", std::move(path), std::move(body)}, retries));
  return success();
}

/// "key=value", split at the first "=".
/// Errors: UserFault when there is none, or a side is blank.
Result<wire::MetaDatum> read_pair(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == text.npos) {
    return Error(Errc::UserFault, "meta-data set-batch: \"" + text + "\" is not key=value");
  }
  wire::MetaDatum datum{text.substr(0, equals), text.substr(equals + 1)};
  if (is_blank(datum.key) || is_blank(datum.value)) {
    return Error(Errc::UserFault, "meta-data set-batch: \"" + text +
                                      "\": neither the key nor the value may be blank");
  }
  return datum;
}

Result<void> write_batch(Transport& transport, const std::string& job,
                         const std::vector<std::string>& pairs, const std::string& globs) {
  std::vector<wire::MetaDatum> batch;
  for (const std::string& pair : pairs) {
    OSTLER_TRY(wire::MetaDatum datum, read_pair(pair));
    datum.value = redacted(datum.value, globs, "meta-data set-batch", "the value of " + datum.key);
    batch.push_back(std::move(datum));
  }
  return write(transport, job, "set-batch", wire::encode(batch), policy::kMetaDataSetBatch);
}

}  // namespace

int meta_data_set(const Arguments& arguments, Transport& transport) {
  CLI::App app("Sets a key of the build", "meta-data set");
  std::string job;
  std::string key;
  std::optional<std::string> given;
  std::string globs;
  take_common_flags(app);
  take_job(app, job);
  take_redacted_vars(app, globs);
  app.add_option("key", key, "The key")->required();
  app.add_option("value", given, "The value; standard input when not given");
  app.footer(
      "Examples:\n"
      "  ostler meta-data set release 1.4.2\n"
      "  git describe --always | ostler meta-data set version     from standard input\n");
  if (const auto ended = read_options(app, arguments)) return *ended;
  if (is_blank(key)) return fail("meta-data set: the key must not be blank");
  const auto value = value_or_standard_input(given, "the value");
  if (!value) return fail_in_job(value.error());
  if (is_blank(value.value())) return fail("meta-data set: the value must not be blank");
  const std::string sent = redacted(value.value(), globs, "meta-data set", "the value");
  return end_in_job(
      write(transport, job, "set", wire::encode(wire::MetaDatum{key, sent}), policy::kMetaDataSet));
}

int meta_data_set_batch(const Arguments& arguments, Transport& transport) {
  CLI::App app("Sets keys of the build, all or none", "meta-data set-batch");
  std::string job;
  std::string globs;
  std::vector<std::string> pairs;
  take_common_flags(app);
  take_job(app, job);
  take_redacted_vars(app, globs);
  app.add_option("pairs", pairs, "KEY=VALUE, split at the first =")->required();
  app.footer("Example:\n  ostler meta-data set-batch release=1.4.2 channel=beta");
  if (const auto ended = read_options(app, arguments)) return *ended;
  return end_in_job(write_batch(transport, job, pairs, globs));
}

int meta_data_get(const Arguments& arguments, Transport& transport) {
  CLI::App app("Prints the value of a key", "meta-data get");
  Subject subject;
  std::string key;
  std::optional<std::string> fallback;
  take_common_flags(app);
  subject.add_to(app);
  app.add_option("key", key, "The key")->required();
  app.add_option("--default", fallback, "What to print when the key does not exist");
  app.footer(
      "Examples:\n"
      "  ostler meta-data get release\n"
      "  ostler meta-data get region --default eu     where the build has none\n");
  if (const auto ended = read_options(app, arguments)) return *ended;
  const auto datum = read(transport, subject, "get", wire::encode_meta_data_key(key),
                          [](const std::string& body) { return wire::decode_meta_datum(body); });
  if (!datum) {
    if (datum.error().code() != Errc::NotFound) return fail_in_job(datum.error());
    if (!fallback) return fail("meta-data get: no key \"" + key + "\"; pass --default for a value");
    print(*fallback + "\n");
    return kExitOk;
  }
  print(datum.value().value + "\n");
  return kExitOk;
}

int meta_data_exists(const Arguments& arguments, Transport& transport) {
  CLI::App app("Exits with 0 when the key exists, with 100 when it does not", "meta-data exists");
  Subject subject;
  std::string key;
  take_common_flags(app);
  subject.add_to(app);
  app.add_option("key", key, "The key")->required();
  app.footer(
      "Example:\n"
      "  ostler meta-data exists release || echo 'no release is wanted'\n"
      "Exit status: 0 it exists, 100 it does not\n");
  if (const auto ended = read_options(app, arguments)) return *ended;
  const auto found = read(transport, subject, "exists", wire::encode_meta_data_key(key),
                          [](const std::string& body) { return wire::decode_exists(body); });
  if (!found) return fail_in_job(found.error());
  return found.value() ? kExitOk : kExitAbsent;
}

int meta_data_keys(const Arguments& arguments, Transport& transport) {
  CLI::App app("Prints every key, one per line", "meta-data keys");
  Subject subject;
  bool as_json = false;
  take_common_flags(app);
  subject.add_to(app);
  app.add_flag("--json", as_json, "As a JSON array");
  app.footer("Examples:\n  ostler meta-data keys\n  ostler meta-data keys --json | jq length");
  if (const auto ended = read_options(app, arguments)) return *ended;
  const auto found = read(transport, subject, "keys", "",
                          [](const std::string& body) { return wire::decode_keys(body); });
  if (!found) return fail_in_job(found.error());
  if (as_json) {
    print(wire::to_text(found.value()) + "\n");
    return kExitOk;
  }
  for (const std::string& key : found.value()) print(key + "\n");
  return kExitOk;
}

}  // namespace ostler::cli
