// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/case_build.hpp"
#include "cli/local_services.hpp"
#include "plugin_host/step_services.hpp"

namespace ostler::cli {

/// Whom a plugin may ask in a case, and for what.
struct CasePermissions {
  std::vector<std::string> hosts = {};
  std::optional<std::vector<std::string>> secrets = {};  ///< to read; none: it asks for none
  std::vector<std::string> puts = {};                    ///< secrets to set

  bool has_secrets() const { return secrets.has_value() || !puts.empty(); }
};

/// The services of a step in a case: those that every step has, local ones, what the case gives of
/// a job, and `http` and `secret` of one kind or another. Runs on: one thread.
class CaseStepServices : public plugin_host::StepServices {
 public:
  CaseStepServices(const boost::asio::any_io_executor& executor, plugin_host::JsonValue config,
                   CasePermissions permissions, LocalRun run, std::optional<CaseJob> job);

  /// Beyond those of every step.
  std::vector<std::string> more_ids() const;
  void begin_call(const std::string& method, std::vector<std::string> arguments,
                  plugin_host::CallDone done, plugin_host::HostCommands& commands) final;
  void cancel_calls() override { local_.break_off(); }
  std::vector<std::string> command_environment(plugin_host::CommandProfile profile) const final;
  std::vector<int> command_descriptors() const final { return local_.listeners().descriptors(); }
  /// Nothing is left of requests and waits when it returns.
  virtual boost::asio::awaitable<void> end() { return local_.end(); }

 protected:
  const CasePermissions& permissions() const { return permissions_; }
  /// Those that it may read.
  std::vector<std::string> secrets() const;

 private:
  bool is_call_on_build(std::string_view method) const;
  void wait_for_other(const std::vector<std::string>& arguments, const plugin_host::CallDone& done);
  /// "send", "read" or "close", to hosts() of the permissions.
  virtual void begin_http(const std::string& what, std::vector<std::string> arguments,
                          plugin_host::CallDone done) = 0;
  /// One of secrets().
  virtual Result<std::string> value_of_secret(const std::string& name) = 0;
  /// It has set one of those that it may; nobody else learns of it.
  virtual Result<void> secret_set(const std::string&, const std::string&) { return success(); }
  Result<std::string> answer_secret(std::string_view what,
                                    const std::vector<std::string>& arguments);
  Result<std::string> put_secret(const std::string& name, const std::string& value);

  CasePermissions permissions_;
  std::function<void(const std::string&)> tell_;
  CaseBuild build_;
  LocalServices local_;
};

}  // namespace ostler::cli
