// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "support/http_call.hpp"

namespace ostler::support {

/// A hub that runs, as its user sees it: through REST, with the token in its data directory.
class RunningHub {
 public:
  explicit RunningHub(std::filesystem::path data, std::string organization = "ostler")
      : data_(std::move(data)), organization_(std::move(organization)) {}

  const std::string& url() const { return url_; }
  std::string endpoint() const { return url_ + "/v3"; }
  std::uint16_t port() const;
  std::string agent_token() const;
  std::filesystem::path agent_token_file() const { return data_ / "agent-token"; }
  const std::filesystem::path& data() const { return data_; }

  /// A REST call with the API token: `path` is what follows /v2.
  HttpAnswer rest(const std::string& method, const std::string& path,
                  const nlohmann::json& body = nullptr) const;

  /// Makes a pipeline; returns its slug.
  std::string make_pipeline(const std::string& name, const std::string& yaml,
                            const std::string& repository = "file:///nowhere") const;
  /// Makes a build of main at HEAD with `env`; returns its number.
  int make_build(const std::string& pipeline, const nlohmann::json& env = {}) const;
  nlohmann::json build(const std::string& pipeline, int number) const;
  /// The build once it has finished; none when `limit` passes first.
  std::optional<nlohmann::json> finished_build(const std::string& pipeline, int number,
                                               std::chrono::seconds limit) const;
  /// The log of the build's n-th job as it is stored.
  std::string log(const std::string& pipeline, int number, std::size_t job = 0) const;

 protected:
  std::string url_;

 private:
  std::string builds_path(const std::string& pipeline) const;

  std::filesystem::path data_;
  std::string organization_;
};

/// `log` without time-stamp codes and carriage returns.
std::string plain_log(const std::string& log);

}  // namespace ostler::support
