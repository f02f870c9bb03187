// SPDX-License-Identifier: Apache-2.0
#include "cli/meta_data.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <optional>

#include "agent_client/call_with_retries.hpp"
#include "agent_client/path.hpp"
#include "base/uuid.hpp"
#include "cli/exit.hpp"
#include "cli/options.hpp"
#include "environment/redacted_vars.hpp"
#include "redact/redactor.hpp"
#include "wire/agent_api.hpp"

namespace ostler::cli {
namespace {

using agent_client::ApiAnswer;
using agent_client::RetryPolicy;
using agent_client::Transport;

constexpr int kExitAbsent = 100;
constexpr std::size_t kLongestValue = 8 << 20;  // bytes

struct Options {
  std::string key;
  std::optional<std::string> value;
  std::optional<std::string> fallback;
  std::string job;
  std::string build;
  std::string redacted_vars;
  std::string ignored_text;
  bool ignored_flag = false;
};

/// What the genuine agent takes with every command. It has no meaning on the job's socket.
void take_common_flags(CLI::App& app, Options& options) {
  for (const char* name :
       {"--log-level", "--experiment", "--profile", "--agent-access-token", "--endpoint"}) {
    app.add_option(name, options.ignored_text)->group("");
  }
  for (const char* name : {"--no-color", "--debug", "--no-http2", "--debug-http", "--trace-http"}) {
    app.add_flag(name, options.ignored_flag)->group("");
  }
}

void take_job(CLI::App& app, Options& options) {
  app.add_option("--job", options.job, "The job to ask about")->envname("BUILDKITE_JOB_ID");
}

void take_build(CLI::App& app, Options& options) {
  app.add_option("--build", options.build, "The build to ask about, instead of the job's")
      ->envname("BUILDKITE_METADATA_BUILD_ID");
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n\v\f") == text.npos; }

/// "jobs/<id>/data/<what>", or the build's.
Result<std::string> path_to(const Options& options, std::string_view what) {
  if (!options.build.empty()) {
    return "builds/" + agent_client::path_segment(options.build) + "/data/" + std::string(what);
  }
  if (options.job.empty()) {
    return Error(Errc::UserFault, "no job: set BUILDKITE_JOB_ID or pass --job");
  }
  return "jobs/" + agent_client::path_segment(options.job) + "/data/" + std::string(what);
}

/// The body of a good answer; none for 404.
Result<std::optional<std::string>> ask(Transport& transport, const Options& options,
                                       std::string_view what, std::string body,
                                       const RetryPolicy& policy) {
  OSTLER_TRY(std::string path, path_to(options, what));
  OSTLER_TRY(
      ApiAnswer answer,
      agent_client::call_with_retries(
          transport, {"POST", std::move(path), std::move(body), Uuid::make().str()}, policy));
  if (answer.status == 404) return std::nullopt;
  if (answer.status < 200 || answer.status > 299) {
    return Error(Errc::Unavailable, "meta-data " + std::string(what) + ": the server answered " +
                                        std::to_string(answer.status) + ": " +
                                        wire::decode_message(answer.body));
  }
  return std::optional(std::move(answer.body));
}

int fail_not_found(std::string_view what) {
  return fail("meta-data " + std::string(what) + ": the server knows no such job, build or key");
}

void print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

Result<std::string> read_standard_input() {
  std::string text;
  std::array<char, 16 << 10> piece{};
  while (true) {
    const ssize_t size = ::read(STDIN_FILENO, piece.data(), piece.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return Error::from_errno(errno, "read the value from standard input");
    if (size == 0) return text;
    text.append(piece.data(), static_cast<std::size_t>(size));
    if (text.size() > kLongestValue) {
      return Error(Errc::UserFault, "the value on standard input is longer than 8 MiB");
    }
  }
}

std::string redacted(const std::string& value, const std::string& redacted_vars) {
  environment::Variables variables = environment::variables_of_process();
  if (!redacted_vars.empty()) variables["BUILDKITE_REDACTED_VARS"] = redacted_vars;
  redact::NeedleSet needles;
  for (const std::string& secret : environment::redacted_values(variables).values) {
    needles.add(secret);
  }
  redact::Redactor redactor(needles);
  std::string out;
  redactor.write(value, out);
  redactor.flush(out);
  if (out != value) {
    std::fputs("ostler: meta-data set: the value held secrets, which were redacted\n", stderr);
  }
  return out;
}

int set(Options& options, Transport& transport) {
  if (is_blank(options.key)) return fail("meta-data set: the key must not be blank");
  if (!options.value) {
    auto input = read_standard_input();
    if (!input) return fail(input.error());
    options.value = std::move(input).value();
  }
  if (is_blank(*options.value)) return fail("meta-data set: the value must not be blank");
  const std::string value = redacted(*options.value, options.redacted_vars);
  const auto answer =
      ask(transport, options, "set", wire::encode(wire::MetaDatum{options.key, value}),
          agent_client::policy::kMetaDataSet);
  if (!answer) return fail(answer.error());
  return answer.value() ? kExitOk : fail_not_found("set");
}

int get(Options& options, Transport& transport) {
  const auto answer = ask(transport, options, "get", wire::encode_meta_data_key(options.key),
                          agent_client::policy::kMetaDataGet);
  if (!answer) return fail(answer.error());
  if (!answer.value()) {
    if (!options.fallback) {
      return fail("meta-data get: no key \"" + options.key + "\"; pass --default for a value");
    }
    print(*options.fallback + "\n");
    return kExitOk;
  }
  const auto datum = wire::decode_meta_datum(*answer.value());
  if (!datum) return fail(datum.error());
  print(datum.value().value + "\n");
  return kExitOk;
}

int exists(Options& options, Transport& transport) {
  const auto answer = ask(transport, options, "exists", wire::encode_meta_data_key(options.key),
                          agent_client::policy::kMetaDataGet);
  if (!answer) return fail(answer.error());
  if (!answer.value()) return fail_not_found("exists");
  const auto found = wire::decode_exists(*answer.value());
  if (!found) return fail(found.error());
  return found.value() ? kExitOk : kExitAbsent;
}

int keys(Options& options, Transport& transport) {
  const auto answer = ask(transport, options, "keys", "", agent_client::policy::kMetaDataGet);
  if (!answer) return fail(answer.error());
  if (!answer.value()) return fail_not_found("keys");
  const auto found = wire::decode_keys(*answer.value());
  if (!found) return fail(found.error());
  for (const std::string& key : found.value()) print(key + "\n");
  return kExitOk;
}

struct Verb {
  std::string_view name;
  const char* summary;
  bool takes_key;
  int (*run)(Options& options, Transport& transport);
};

constexpr Verb kVerbs[] = {
    {"set", "Sets a key of the build; the value comes from standard input when not given", true,
     set},
    {"get", "Prints the value of a key", true, get},
    {"exists", "Exits with 0 when the key exists, with 100 when it does not", true, exists},
    {"keys", "Prints every key, one per line", false, keys},
};

void describe(CLI::App& app, const Verb& verb, Options& options) {
  take_common_flags(app, options);
  take_job(app, options);
  if (verb.takes_key) app.add_option("key", options.key, "The key")->required();
  if (verb.run == set) {
    app.add_option("value", options.value, "The value");
    app.add_option("--redacted-vars", options.redacted_vars,
                   "Globs of variables whose values are redacted (comma list)")
        ->envname("BUILDKITE_REDACTED_VARS");
    return;
  }
  take_build(app, options);
  if (verb.run == get) {
    app.add_option("--default", options.fallback, "What to print when the key does not exist");
  }
}

}  // namespace

bool names_a_server(const Arguments& arguments) {
  return std::ranges::any_of(arguments, [](const std::string& word) {
    return word.starts_with("--endpoint") || word.starts_with("--agent-access-token");
  });
}

int meta_data(const Arguments& arguments, Transport& transport) {
  const auto verb = std::ranges::find_if(
      kVerbs, [&](const Verb& known) { return !arguments.empty() && arguments[0] == known.name; });
  if (verb == std::end(kVerbs)) {
    return fail(
        "meta-data: say set, get, exists or keys; \"ostler meta-data get --help\" says more");
  }
  Options options;
  CLI::App app(verb->summary, "meta-data " + std::string(verb->name));
  describe(app, *verb, options);
  const auto ended = read_options(app, Arguments(arguments.begin() + 1, arguments.end()));
  if (ended) return *ended;
  return verb->run(options, transport);
}

}  // namespace ostler::cli
