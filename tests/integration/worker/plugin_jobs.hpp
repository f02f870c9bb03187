// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>

#include "files/file.hpp"
#include "integration/worker/driven_job.hpp"
#include "wire/agent_api.hpp"
#include "wire/agent_api_secrets.hpp"

namespace ostler::worker {

/// A server's answer to who asks for the secret KEY.
inline supervise::ApiReply key_reply() {
  return {.status = 200,
          .body = wire::encode(wire::JobSecret{"KEY", Secret("a-thing-to-hide"), "1"})};
}

/// A host with the plugin of the zoo in its store, and jobs on it.
class PluginJobs : public testing::Test {
 protected:
  PluginJobs() { install("zoo/1.0.0"); }

  void install(const std::string& place) {
    std::filesystem::create_directories(store_ / place);
    std::filesystem::copy(ZOO_DIRECTORY, store_ / place);
  }

  /// What the author of the zoo would have to write for that: the object "permissions".
  void permit(const std::string& permissions) const {
    const std::filesystem::path path = store_ / "zoo/1.0.0/plugin.json";
    std::string manifest = files::read_file(path).value();
    manifest.insert(manifest.find('{') + 1, "\"permissions\": " + permissions + ",");
    std::ofstream(path) << manifest;
  }

  /// A job whose command is the zoo's `what`.
  std::unique_ptr<DrivenJob> job(const std::string& what, DrivenJob::Variables more = {}) const {
    more.try_emplace("BUILDKITE_PLUGINS", R"([{"ostler://zoo#1": {"do": ")" + what + R"("}}])");
    return with_plugins(std::move(more));
  }
  /// A job in which the zoo makes these calls, a line each.
  std::unique_ptr<DrivenJob> calls(const std::string& script) const {
    return with_plugins({{"BUILDKITE_PLUGINS",
                          R"([{"ostler://zoo#1": {"do": "call", "path": ")" + script + R"("}}])"}});
  }
  /// Statuses and values of the calls, as the plugin tells them; the whole log when it did not
  /// pass.
  static std::string told_in(const FinishedJob& job) {
    constexpr std::string_view kBegin = "zoo#1.0.0 passed: ";
    const std::size_t begin = job.text.find(kBegin);
    if (begin == job.text.npos) return job.text;
    const std::size_t from = begin + kBegin.size();
    return job.text.substr(from, job.text.find("\x1b[0m", from) - from);
  }
  FinishedJob run(const std::string& what, DrivenJob::Variables more = {}) const {
    return job(what, std::move(more))->finish();
  }
  /// The same with these plugins instead.
  FinishedJob run_plugins(const std::string& plugins, DrivenJob::Variables more = {}) const {
    more["BUILDKITE_PLUGINS"] = plugins;
    return run("", std::move(more));
  }

  support::TempDirectory directory_;
  std::filesystem::path store_ = directory_ / "store";
  // What the server was told, and how it answers.
  mutable std::map<std::string, std::string> meta_data_;
  std::uint16_t status_ = 200;

 private:
  std::unique_ptr<DrivenJob> with_plugins(DrivenJob::Variables more) const {
    more.try_emplace("OSTLER_PLUGIN_STORE", store_);
    more.try_emplace("BUILDKITE_ARTIFACT_PATHS", "*.txt");
    more.try_emplace("BUILDKITE_STEP_KEY", "zoo-step");
    auto driven = std::make_unique<DrivenJob>("echo the shell ran", more);
    driven->answer_with([this](const supervise::ApiRequest& request) {
      if (request.path.ends_with("/data/set")) {
        const auto datum = wire::decode_meta_datum(request.body).value();
        meta_data_[datum.key] = datum.value;
      }
      return supervise::ApiReply{.status = status_};
    });
    return driven;
  }
};

}  // namespace ostler::worker
